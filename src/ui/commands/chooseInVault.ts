/** The wizard's questions for a certificate of a vault, or for the name of a new one. */
import * as vscode from 'vscode';
import { CancelledError, isExpectedError } from '../../base/errors.ts';
import type { VaultClient } from '../../azure/types.ts';
import type { NewVaultCertificateChoice, VaultCertificateChoice } from '../automation.ts';
import { askVault, askVaultCertificate } from '../flows/vaultCertificate.ts';
import { back } from '../questions.ts';
import type { Back, Questions, TextProblem } from '../questions.ts';
import type { Services } from '../services.ts';
import type { StepFrame } from '../steps.ts';

/** A vault, then one of its certificates that an app can use. Rejects with what the sign-in or the vault said. */
export async function chooseInVault(
  questions: Questions,
  frame: StepFrame,
  services: Services,
): Promise<VaultCertificateChoice | Back> {
  for (;;) {
    const vault = await askVault(services, questions, frame);
    if (vault === back) return back;
    const client = services.azure().vaults.open(vault);
    const chosen = await askVaultCertificate(
      client,
      questions,
      { ...frame, canGoBack: true },
      {
        now: services.setupPorts.clock.now(),
        filter: ({ enabled, pending }) => enabled && pending !== true,
      },
    );
    if (chosen !== back) return { kind: 'vault', vault: client.vault.origin, name: chosen.name };
  }
}

/** A vault, then a name that nothing in it has. Nothing is made yet. */
export async function nameInVault(
  questions: Questions,
  frame: StepFrame,
  subject: string,
  services: Services,
): Promise<NewVaultCertificateChoice | Back> {
  for (;;) {
    const vault = await askVault(services, questions, frame);
    if (vault === back) return back;
    const client = services.azure().vaults.open(vault);
    const name = await questions.text({
      ...frame,
      canGoBack: true,
      prompt: vscode.l10n.t('Name of the new certificate in {0}: letters, digits and hyphens', vault.name),
      value: nameFor(subject),
      validate: (typed, signal) => nameProblem(client, typed, signal),
      // Asks the vault, which takes too long for every key.
      validateOnAccept: true,
    });
    if (name !== back) return { kind: 'vaultNew', vault: client.vault.origin, name, subject };
  }
}

/** A name that Key Vault takes, made of the common name. */
function nameFor(subject: string): string {
  const common = /CN=([^,]+)/i.exec(subject)?.[1] ?? subject;
  const name = common.replace(/[^0-9a-zA-Z]+/g, '-').replace(/^-+|-+$/g, '');
  return name === '' ? 'client-certificate' : name.slice(0, 127);
}

/** Why a name cannot be that of a new certificate. A vault that does not let us look lets the creation tell. */
async function nameProblem(client: VaultClient, name: string, signal: AbortSignal): Promise<TextProblem | undefined> {
  const error = (message: string): TextProblem => ({ severity: 'error', message });
  if (!/^[0-9a-zA-Z-]{1,127}$/.test(name)) {
    return error(vscode.l10n.t('Use 1 to 127 letters, digits and hyphens.'));
  }
  if (await exists(client.get({ name }, { interactive: true, signal }), 'certificate-not-found')) {
    return error(vscode.l10n.t('{0} has a certificate of this name. Choose another name.', client.vault.name));
  }
  if (await exists(client.getDeleted(name, { interactive: true, signal }), 'deleted-certificate-not-found')) {
    return error(
      vscode.l10n.t(
        '{0} keeps a deleted certificate of this name. Choose another name, or recover or purge it first.',
        client.vault.name,
      ),
    );
  }
  return undefined;
}

/** Only what is known for sure counts: reading may be forbidden where creating is not. */
async function exists(reading: Promise<unknown>, missing: string): Promise<boolean> {
  try {
    await reading;
    return true;
  } catch (error) {
    if (error instanceof CancelledError || !isExpectedError(error)) throw error;
    if (error.code === missing || error.code === 'vault-forbidden') return false;
    throw error;
  }
}
