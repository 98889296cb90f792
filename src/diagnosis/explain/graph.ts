/** Errors of Microsoft Graph when a certificate is uploaded by hand, with az or by a script (failure-modes.md, F-numbers in comments). */
import * as l10n from '@vscode/l10n';
import type { KnownError } from './types.ts';

const handOver = () =>
  l10n.t(
    'Or run "Client Certificate: Hand Over to an Administrator", which writes down what an administrator has to do.',
  );
const uploadHere = () =>
  l10n.t('Upload with "Client Certificate: Upload to App Registration", which sends what Graph wants.');
const exception = () => l10n.t('Or ask an administrator of the tenant for an exception for this app registration.');

export const graphErrors: readonly KnownError[] = [
  {
    // F52
    code: 'Authorization_RequestDenied',
    signs: ['Authorization_RequestDenied', 'Insufficient privileges to complete the operation'],
    explain: () => ({
      title: l10n.t('The account may not change this app registration'),
      cause: l10n.t(
        'Whoever changes an app registration has to own it, or to hold the role "{0}" or "{1}" in its tenant, and the sign-in needs the permission "{2}".',
        'Application Administrator',
        'Cloud Application Administrator',
        'Application.ReadWrite.All',
      ),
      remedies: [
        l10n.t('Ask an owner of the app registration to add you as owner, or sign in as somebody who may.'),
        handOver(),
      ],
    }),
  },
  {
    // F43
    code: 'KeyNotUpdatable',
    signs: ['KeyNotUpdatable', 'Update to existing credential with KeyId'],
    explain: () => ({
      title: l10n.t('A registered certificate was sent again with changes'),
      cause: l10n.t(
        'Graph replaces the whole list of certificates. Those that are to stay have to be sent as they were read, with "key": null; nothing about them can be changed.',
      ),
      remedies: [uploadHere()],
    }),
  },
  {
    // F44
    code: 'KeyCredentialsInvalidEndDate',
    signs: ['KeyCredentialsInvalidEndDate', 'Key credential end date is invalid'],
    explain: () => datesRefused(),
  },
  {
    code: 'KeyCredentialsInvalidStartDate',
    signs: ['KeyCredentialsInvalidStartDate', 'Key credential start date is invalid'],
    explain: () => datesRefused(),
  },
  {
    // F45
    code: 'KeyCredentialsInvalidValue',
    signs: [
      'KeyCredentialsInvalidValue',
      'Key credential value is invalid',
      'KeyValue cannot be null or empty',
      'certificate content is in an unexpected format',
    ],
    explain: () => ({
      title: l10n.t('What was uploaded is no public certificate'),
      cause: l10n.t(
        'Graph wants the public certificate alone: base64 of its DER, with no private key and no PFX. An entry that is sent without its certificate is refused like that, too.',
      ),
      remedies: [
        l10n.t('Run "Client Certificate: Inspect Certificate" on the file: it says what the file holds.'),
        uploadHere(),
      ],
    }),
  },
  {
    // F49
    code: 'CredentialInvalidLifetimeAsPerAppPolicy',
    signs: ['CredentialInvalidLifetimeAsPerAppPolicy', 'Credential lifetime exceeds the max value allowed'],
    explain: () => ({
      title: l10n.t('The certificate lives longer than the tenant allows'),
      cause: l10n.t("The tenant's app management policy limits how long a credential may be valid."),
      remedies: [l10n.t('Make a certificate that is valid for fewer days, and upload that one.'), exception()],
    }),
  },
  {
    code: 'CredentialInvalidCertificateAuthorityAsPerAppPolicy',
    signs: ['CredentialInvalidCertificateAuthorityAsPerAppPolicy', 'trusted as per assigned policy'],
    explain: () => ({
      title: l10n.t('The tenant wants certificates of certain certificate authorities'),
      cause: l10n.t(
        "The tenant's app management policy refuses self-signed certificates and those of other authorities.",
      ),
      remedies: [
        l10n.t(
          'Make a signing request with "Client Certificate: Create Certificate Signing Request" and order the certificate there.',
        ),
        exception(),
      ],
    }),
  },
  {
    code: 'CredentialTypeNotAllowedAsPerAppPolicy',
    // Whatever else a policy forbids is called alike.
    signs: [
      'CredentialTypeNotAllowedAsPerAppPolicy',
      'Credential type not allowed as per assigned policy',
      'AsPerAppPolicy',
    ],
    explain: () => ({
      title: l10n.t('The tenant does not allow this kind of credential'),
      cause: l10n.t("The tenant's app management policy forbids it for this app registration."),
      remedies: [l10n.t('If it was a client secret, use a certificate.'), exception()],
    }),
  },
];

function datesRefused(): ReturnType<KnownError['explain']> {
  return {
    title: l10n.t('The dates that were sent do not fit the certificate'),
    cause: l10n.t(
      "Start and end of the entry have to lie within the certificate's own validity; fractions of a second too much are refused already.",
    ),
    remedies: [uploadHere(), l10n.t('Or leave start and end away, or take a second less at both ends.')],
  };
}
