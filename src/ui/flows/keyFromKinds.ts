/** The four ways in which an app gets its private key, in words that can be compared. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { KeyFromArgument } from '../automation.ts';
import { note } from '../views/certificateReport.ts';
import type { Report } from '../views/report.ts';

export const keyFromKinds = ['file', 'environment', 'keyVault', 'keyVaultSign'] as const;

interface Kind {
  readonly label: () => string;
  readonly icon: string;
  /** Beside the label, where it is not the recommended one. */
  readonly use: () => string;
  /** The same where the certificate lies in a vault, out of which the key is taken then. */
  readonly useFetched?: () => string;
  /** One line: where the key lives, waiting, permissions, cost, msal-node; in this order for every kind. */
  readonly inShort: () => string;
  /** The whole, in the order of {@link questions}. */
  readonly inFull: () => readonly string[];
}

const everyMsalNode = (): string => l10n.t('Every version but 2.8.0.');

/** The texts say what the README says under "How the app gets its key", which is measured on the sandbox. */
export const kindTexts: Readonly<Record<KeyFromArgument, Kind>> = {
  file: {
    label: () => l10n.t('From a Key File'),
    icon: 'file',
    use: () => l10n.t('for one machine'),
    useFetched: () => l10n.t('leaves the vault now, for one machine'),
    inShort: () => l10n.t('Key in an encrypted file · no waiting · no role · free · any msal-node but 2.8.0'),
    inFull: () => [
      l10n.t('In a file of the machine, encrypted with a pass phrase unless you decide otherwise.'),
      l10n.t('The file, and its path and pass phrase in the environment.'),
      l10n.t('None: the file is read once, when the app starts.'),
      l10n.t('None in Azure. Whoever can read both the file and its pass phrase has the key.'),
      l10n.t('Nothing.'),
      everyMsalNode(),
    ],
  },
  environment: {
    label: () => l10n.t('From an Environment Variable'),
    icon: 'symbol-variable',
    use: () => l10n.t('for containers and app services'),
    useFetched: () => l10n.t('leaves the vault now, for containers'),
    inShort: () => l10n.t('Key in a plain variable · no waiting · no role · free · any msal-node but 2.8.0'),
    inFull: () => [
      l10n.t('In a variable, as one line of base64, not encrypted.'),
      l10n.t('The variable.'),
      l10n.t('None.'),
      l10n.t('None in Azure. Whoever can read the settings of the container has the key.'),
      l10n.t('Nothing.'),
      everyMsalNode(),
    ],
  },
  keyVault: {
    label: () => l10n.t('From Key Vault, When the App Starts'),
    icon: 'cloud',
    use: () => l10n.t('for production'),
    inShort: () => l10n.t('Key in vault and memory · start waits · 1 role · 2 calls a start · any msal-node but 2.8.0'),
    inFull: () => [
      l10n.t('In the vault, and in the memory of the app.'),
      l10n.t('An identity in Azure, and the vault each time it starts.'),
      l10n.t('Every start waits for two requests to the vault.'),
      l10n.t('"Key Vault Certificate User", which lets the identity take the key with it.'),
      l10n.t('Two requests to the vault for each start.'),
      everyMsalNode(),
    ],
  },
  keyVaultSign: {
    label: () => l10n.t('Key Vault Signs, the Key Never Leaves It'),
    icon: 'lock',
    use: () => l10n.t('for production'),
    inShort: () => l10n.t('Key in the vault only · 1 wait in 9 min · 2 roles · 5,000 calls a month · msal-node 2.8.1+'),
    inFull: () => [
      l10n.t('In the vault only. Nobody can copy it, not even whoever holds the app.'),
      l10n.t('An identity in Azure, and the vault once in nine minutes.'),
      l10n.t('The start does not wait. One token request in nine minutes waits for three requests to the vault.'),
      l10n.t(
        '"Key Vault Crypto User" on the key and "Key Vault Reader" on the certificate; neither gives the key away.',
      ),
      l10n.t('Some 5,000 signatures a month for each instance of the app, at the price of an RSA operation.'),
      l10n.t('2.8.1 or later.'),
    ],
  },
};

const questions = (): readonly string[] => [
  l10n.t('Where the key lives'),
  l10n.t('What the app needs when it runs'),
  l10n.t('Waiting'),
  l10n.t('Permissions'),
  l10n.t('Cost'),
  '@azure/msal-node',
];

/**
 * All four beside each other.
 * @param notes what is to be said of a kind for this app, e.g. that it is recommended
 */
export function comparison(notes: ReadonlyMap<KeyFromArgument, { text: string; works: boolean }>): Report {
  return {
    title: l10n.t('How the App Gets Its Key'),
    lead: l10n.t('The four ways compared. The list of the wizard is still open: choose there.'),
    sections: keyFromKinds.map((kind) => {
      const said = notes.get(kind);
      const values = kindTexts[kind].inFull();
      return {
        heading: kindTexts[kind].label(),
        ...(said === undefined ? {} : { notes: [note(said.works ? 'success' : 'warning', said.text)] }),
        rows: questions().map((label, index) => ({ label, value: values[index] ?? '' })),
      };
    }),
    copied: l10n.t('Copied'),
  };
}
