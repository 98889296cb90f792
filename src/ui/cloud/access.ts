/** The azure room as the settings want it: built on first use, built anew when a setting changes. */
import * as vscode from 'vscode';
import type { AzureParts, TokenSourceName } from '../../azure/types.ts';
import type { Clock } from '../../base/ports.ts';
import { nodeProcesses } from '../nodeProcesses.ts';
import type { UiEnvironment } from '../part.ts';
import { editorAccounts, openBrowser, showDeviceCode } from './accounts.ts';
import { azureSettingNames, readAzureSettings } from './settings.ts';
import type { AzureSettings } from './settings.ts';

export interface AzureAccess {
  /** @throws ExpectedError `custom-cloud-invalid`, `cloud-certificates-unreadable` */
  azure(): AzureParts;
  /** @throws as {@link AzureAccess.azure} */
  settings(): AzureSettings;
  /** Somebody signed in, out or as somebody else, or the cloud changed: what was shown may be another's. */
  readonly onDidChange: vscode.Event<void>;
  /** A way to sign in, for people. */
  sourceTitle(source: TokenSourceName): string;
  /** To be called after a sign-in or sign-out of ours. */
  changed(): void;
}

export interface AccessEnvironment {
  readonly context: Pick<vscode.ExtensionContext, 'subscriptions' | 'extension'>;
  readonly lazy: Pick<UiEnvironment['lazy'], 'azure' | 'identity'>;
  readonly clock: Clock;
}

export function createAzureAccess({ context, lazy, clock }: AccessEnvironment): AzureAccess {
  const emitter = new vscode.EventEmitter<void>();
  /** Outlives the settings; whoever starts the editor anew is asked nothing and signed in again. */
  let isSignedOut = false;
  let kept: { readonly azure: AzureParts; readonly settings: AzureSettings } | undefined;
  const forget = () => {
    isSignedOut = kept?.azure.isSignedOut ?? isSignedOut;
    kept?.azure.signOut();
    kept = undefined;
    emitter.fire();
  };
  const current = () => {
    if (kept === undefined) {
      const part = lazy.azure();
      const settings = readAzureSettings(part);
      const { cloud, order, clientId, tenants, trustedCertificates } = settings;
      const [tenant] = tenants;
      const azure = part.createAzure({
        cloud,
        order,
        clock,
        processes: nodeProcesses,
        editor: editorAccounts,
        mayRunPrograms: () => vscode.workspace.isTrusted,
        // Read when it is asked for: the editor completes its environment after start-up.
        environment: process.env,
        userAgent: `client-certificate-guide/${versionOf(context.extension)}`,
        loadIdentity: () => lazy.identity(),
        openBrowser,
        showDeviceCode,
        ...(clientId === undefined ? {} : { clientId }),
        ...(tenant === undefined ? {} : { tenant }),
        ...(trustedCertificates === undefined ? {} : { trustedCertificates }),
      });
      if (isSignedOut) azure.signOut();
      kept = { azure, settings };
    }
    return kept;
  };
  context.subscriptions.push(
    emitter,
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (azureSettingNames.some((name) => change.affectsConfiguration(name))) forget();
    }),
    // Now `az` may be asked, too.
    vscode.workspace.onDidGrantWorkspaceTrust(() => emitter.fire()),
    vscode.authentication.onDidChangeSessions(({ provider }) => {
      if (provider.id !== 'microsoft' && provider.id !== 'microsoft-sovereign-cloud') return;
      kept?.azure.forgetTokens();
      emitter.fire();
    }),
  );
  return {
    azure: () => current().azure,
    settings: () => current().settings,
    sourceTitle: (source) => lazy.azure().sourceTitle(source),
    onDidChange: emitter.event,
    changed: () => {
      emitter.fire();
    },
  };
}

function versionOf(extension: vscode.Extension<unknown>): string {
  const { version } = extension.packageJSON as { version?: unknown };
  return typeof version === 'string' ? version : '0';
}
