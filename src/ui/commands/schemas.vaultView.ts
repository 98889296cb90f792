/** What the options objects of the commands of the view "Vault Certificates" may hold; see schemas.ts. */
import { flag, matching, oneOf, text } from '../options.ts';
import type { Check, Schema } from '../options.ts';
import * as l10n from '@vscode/l10n';

const name: Check = matching(/^[0-9a-zA-Z-]{1,127}$/, () => l10n.t('a name of 1 to 127 letters, digits and hyphens'));
const version: Check = matching(/^[0-9a-f]{32}$/i, () => l10n.t('the 32 hex digits of a version'));
/** Also the empty text. */
const anyText: Check = matching(/^/, () => l10n.t('a text'));

export const vaultSchema: Schema = { vault: text };
export const vaultCertificateSchema: Schema = { vault: text, name, version };
export const filterSchema: Schema = { text: anyText };
export const sortSchema: Schema = { by: oneOf('name', 'expiry') };
export const groupSchema: Schema = { by: oneOf('vault', 'expiry') };
export const listSchema: Schema = {
  vault: text,
  filter: anyText,
  onlyExpiring: flag,
  sortBy: oneOf('name', 'expiry'),
};
