/** AADSTS700027 and AADSTS50012: several cases under one number, which the text tells apart (shared facts/tokens.md 4.3). */
import * as l10n from '@vscode/l10n';
import type { ErrorFacts, KnownError } from './types.ts';

const upload = () => l10n.t('Upload the certificate to this app registration (Certificates & secrets, Certificates).');
const waitForReplication = () =>
  l10n.t(
    'If you uploaded it within the last minutes, wait: a new credential takes some seconds, at times minutes, to work everywhere.',
  );

export function certificateNotAccepted(facts: ErrorFacts): ReturnType<KnownError['explain']> {
  if (facts.thumbprint !== undefined && !/^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(facts.thumbprint))
    return damagedThumbprint(facts.thumbprint);
  if (/expired/i.test(facts.reason ?? facts.text)) {
    return {
      title: l10n.t('The certificate has expired'),
      cause: l10n.t('The app registration knows the certificate, but its validity is over or has not begun.'),
      remedies: [
        l10n.t('Make a new certificate, upload it beside the old one, and switch the app to it.'),
        l10n.t('Check the clock of the machine that runs the app.'),
      ],
    };
  }
  if (/invalid signature/i.test(facts.text) && !/not found/i.test(facts.reason ?? '')) {
    return {
      title: l10n.t('The signature does not fit the certificate'),
      cause: l10n.t(
        'The app registration knows the thumbprint, but the private key that signed belongs to another certificate.',
      ),
      remedies: [
        l10n.t(
          'Use the private key of this very certificate; "Client Certificate: Inspect Certificate" on both files shows whether they match.',
        ),
        l10n.t(
          'In a PEM file with a chain, take the thumbprint of the certificate that matches the key, not of its issuer.',
        ),
      ],
    };
  }
  const remedies = [
    upload(),
    l10n.t(
      'Check that the client id and tenant in the app config are those of the app registration that has the certificate.',
    ),
    waitForReplication(),
  ];
  if (facts.thumbprint?.length === 64) {
    remedies.push(
      l10n.t('A SHA-256 thumbprint belongs under "thumbprintSha256"; under "thumbprint" MSAL expects SHA-1.'),
    );
  }
  return {
    title: l10n.t('The app registration does not know this certificate'),
    cause:
      facts.thumbprint === undefined
        ? l10n.t('The app signed with a certificate that is not among the certificates of the app registration.')
        : l10n.t(
            'The app signed with the certificate {0}, which is not among the certificates of the app registration.',
            facts.thumbprint,
          ),
    remedies,
  };
}

function damagedThumbprint(seen: string): ReturnType<KnownError['explain']> {
  return {
    title: l10n.t('The app sends a damaged thumbprint'),
    cause:
      seen === ''
        ? l10n.t(
            'The server received an empty thumbprint. MSAL reads the thumbprint as hex and stops at the first other character without an error; a hidden character at its start, or a value that is not hex, leaves nothing.',
          )
        : seen.length < 40
          ? l10n.t(
              'The server received only {0}. MSAL reads the thumbprint as hex and stops at the first other character without an error; colons and spaces cut it short.',
              seen,
            )
          : l10n.t(
              'The server received {0}, which is {1} characters long: neither a SHA-256 thumbprint (64 hex digits) nor a SHA-1 thumbprint (40). Something is missing, or something else stands in the same value.',
              seen,
              seen.length,
            ),
    remedies: [
      l10n.t(
        'Write the thumbprint as 64 (SHA-256) or 40 (SHA-1) hex digits without separators; run "Client Certificate: Check App Config".',
      ),
    ],
  };
}
