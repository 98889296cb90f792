/** Alternative names of a certificate as one line of text. Knows no editor. */
import { isIP } from 'node:net';
import * as l10n from '@vscode/l10n';
import type { SubjectAltNames } from '../../azure/types.ts';

type Names = { -readonly [K in keyof SubjectAltNames]: string[] };

const upnPrefix = 'upn:';

/** e.g. `app.contoso.com, ops@contoso.com, upn:dev@contoso.com, https://app.contoso.com, 10.0.0.1`. */
export function altNamesText(names: SubjectAltNames): string {
  const { dnsNames = [], emails = [], userPrincipalNames = [], uris = [], ipAddresses = [] } = names;
  const upns = userPrincipalNames.map((name) => upnPrefix + name);
  return [...dnsNames, ...emails, ...upns, ...uris, ...ipAddresses].join(', ');
}

/** Names by their look; a sentence for the first that looks like none. */
export function parseAltNames(text: string): Names | { readonly problem: string } {
  const names: Names = {};
  const add = (kind: keyof Names, name: string) => (names[kind] ??= []).push(name);
  for (const name of text.split(/[,;\s]+/).filter((part) => part !== '')) {
    if (name.toLowerCase().startsWith(upnPrefix) && isAddress(name.slice(upnPrefix.length))) {
      add('userPrincipalNames', name.slice(upnPrefix.length));
    } else if (isIP(name) !== 0) add('ipAddresses', name);
    else if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name) && URL.canParse(name)) add('uris', name);
    else if (isAddress(name)) add('emails', name);
    else if (isDnsName(name)) add('dnsNames', name);
    else {
      return {
        problem: l10n.t(
          '"{0}" is no DNS name, e-mail address, URI or IP address. A user principal name begins with "upn:".',
          name,
        ),
      };
    }
  }
  return names;
}

const isAddress = (text: string): boolean => /^[^@\s]+@[^@\s]+$/.test(text);

/** RFC 1123 labels; the first may be a wildcard. */
function isDnsName(text: string): boolean {
  const labels = text.replace(/^\*\./, '').split('.');
  return text.length <= 253 && labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label));
}
