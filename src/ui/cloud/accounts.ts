/** VS Code's side of signing in: its own accounts, its browser and its prompts. */
import * as vscode from 'vscode';
import type { EditorAccounts, SignInPorts } from '../../azure/types.ts';

/** VS Code's Microsoft accounts (facts/sign-in.md, section 6). */
export const editorAccounts: EditorAccounts = {
  async session(provider, scopes, { interactive, challenge, switchAccount = false }) {
    const wanted = challenge === undefined ? [...scopes] : { wwwAuthenticate: challenge, fallbackScopes: [...scopes] };
    const session = await vscode.authentication.getSession(
      provider,
      wanted,
      interactive
        ? { createIfNone: true, ...(switchAccount ? { clearSessionPreference: true } : {}) }
        : { silent: true },
    );
    return session === undefined ? undefined : { accessToken: session.accessToken, account: session.account.label };
  },
};

/** Opens an address in the user's own browser, also where this runs on another machine. */
export const openBrowser: SignInPorts['openBrowser'] = async (address) => {
  await vscode.env.openExternal(vscode.Uri.parse(address, true));
};

/** Shows the code until the sign-in has ended; the button puts it into the clipboard and opens the address. */
export const showDeviceCode: SignInPorts['showDeviceCode'] = (_message, address, code, signal) => {
  const text = vscode.l10n.t('Enter the code {0} at {1} to sign in.', code, address);
  void vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: text },
    () =>
      new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
  );
  void offerToOpen(text, address, code);
  return Promise.resolve();
};

async function offerToOpen(text: string, address: string, code: string): Promise<void> {
  const copyAndOpen = vscode.l10n.t('Copy Code and Open Browser');
  if ((await vscode.window.showInformationMessage(text, copyAndOpen)) !== copyAndOpen) return;
  await vscode.env.clipboard.writeText(code);
  await openBrowser(address);
}
