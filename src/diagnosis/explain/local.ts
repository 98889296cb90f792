/** Errors of MSAL Node, Node's crypto and OpenSSL, as failure-modes.md has them measured (F-numbers in comments). */
import * as l10n from '@vscode/l10n';
import type { KnownError } from './types.ts';

const inspectKey = () =>
  l10n.t('Run "Client Certificate: Inspect Certificate" on the key file: it says what the file holds.');

export const localErrors: readonly KnownError[] = [
  {
    // F30, F31
    code: 'invalid_client_credential',
    signs: ['invalid_client_credential', 'client credential (secret, certificate, or assertion) must not be empty'],
    explain: () => ({
      title: l10n.t('MSAL got two credentials, or none that is complete'),
      cause: l10n.t(
        '"clientSecret" stands beside "clientCertificate", or the certificate lacks its private key because an environment variable is not set.',
      ),
      remedies: [
        l10n.t('Remove "clientSecret" from the app config; an empty one does no harm.'),
        l10n.t('Check that the variables of private key and thumbprint are set where the app runs.'),
      ],
    }),
  },
  {
    // F10
    code: 'state_not_found',
    signs: ['state_not_found', 'State not found. Please verify that the request originated from msal'],
    explain: () => ({
      title: l10n.t('The certificate has no thumbprint'),
      cause: l10n.t(
        'MSAL says "state not found" when "clientCertificate" has neither "thumbprintSha256" nor "thumbprint".',
      ),
      remedies: [l10n.t('Set the thumbprint, or the environment variable that it comes from.')],
    }),
  },
  {
    // F33 and, up to msal-node 2.10, every unusable key (F11)
    code: 'invalid_assertion',
    signs: ['invalid_assertion', 'Client assertion must meet requirements described in'],
    explain: () => ({
      title: l10n.t('MSAL could not sign with this certificate'),
      cause: l10n.t(
        'msal-node before 2.11 does not know "thumbprintSha256", and says the same of every private key that it cannot use.',
      ),
      remedies: [
        l10n.t('Upgrade @azure/msal-node to 2.11.1 or newer, or write the SHA-1 thumbprint under "thumbprint".'),
        l10n.t('Decrypt the private key with crypto.createPrivateKey before handing it to MSAL.'),
        inspectKey(),
      ],
    }),
  },
  {
    // F11, F15, F16, F18
    code: 'private-key-not-usable',
    signs: ['secretOrPrivateKey must be an asymmetric key'],
    explain: () => ({
      title: l10n.t('The private key cannot be read'),
      cause: l10n.t(
        'What the app hands to MSAL is not an unencrypted PEM key: it is still encrypted, lost its line breaks in an environment variable, is the base64 PFX of Key Vault, or is the path instead of the content.',
      ),
      remedies: [
        l10n.t(
          "Decrypt it with crypto.createPrivateKey({ key, passphrase }).export({ type: 'pkcs8', format: 'pem' }).",
        ),
        l10n.t('In an environment variable keep the key as one line of base64 and decode it in code.'),
        inspectKey(),
      ],
    }),
  },
  {
    // F19
    code: 'key-is-ec',
    signs: ['"alg" parameter for "ec" key type must be one of'],
    explain: () => ({
      title: l10n.t('The key is an elliptic-curve key'),
      cause: l10n.t(
        'Microsoft Entra takes client assertions with RSA signatures only, although the portal accepts the upload.',
      ),
      remedies: [l10n.t('Make a certificate with an RSA key of 2048 bits or more.')],
    }),
  },
  {
    // F20
    code: 'key-too-short',
    signs: ['minimum key size of 2048 bits', 'requires a minimum key size'],
    explain: () => ({
      title: l10n.t('The RSA key is too short'),
      cause: l10n.t('Keys below 2048 bits are refused.'),
      remedies: [l10n.t('Make a certificate with an RSA key of 2048 bits or more.')],
    }),
  },
  {
    // F12
    code: 'wrong-password',
    signs: [
      'ERR_OSSL_BAD_DECRYPT',
      'bad decrypt',
      'mac verify failure',
      'invalid password?',
      'PKCS#12 MAC could not be verified',
      'BAD_DECRYPT',
    ],
    explain: () => ({
      title: l10n.t('The pass phrase is wrong'),
      cause: l10n.t('The private key or PFX is encrypted under another pass phrase.'),
      remedies: [
        l10n.t(
          'Check the variable with the pass phrase for missing or extra characters: quote it in .env when it holds # or spaces.',
        ),
        l10n.t('A PFX from Key Vault has an empty password.'),
      ],
    }),
  },
  {
    // F13
    code: 'passphrase-missing',
    signs: [
      'ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED',
      'ERR_MISSING_PASSPHRASE',
      'interrupted or cancelled',
      'Passphrase required for encrypted key',
      'NEED_PASSWORD',
    ],
    explain: () => ({
      title: l10n.t('The pass phrase is missing'),
      cause: l10n.t('The private key is encrypted and no pass phrase was given.'),
      remedies: [
        l10n.t(
          'Set the variable with the pass phrase where the app runs, and load .env before the app config reads it.',
        ),
      ],
    }),
  },
  {
    // F24, F28
    code: 'unsupported-encryption',
    signs: [
      'ERR_OSSL_EVP_UNSUPPORTED',
      'ERR_OSSL_UNSUPPORTED',
      'DECODER routines::unsupported',
      'Unsupported PKCS12 PFX data',
      'digital envelope routines::unsupported',
      'inner_evp_generic_fetch:unsupported',
    ],
    explain: () => ({
      title: l10n.t('The file cannot be read by OpenSSL 3'),
      cause: l10n.t('It is encrypted with an old cipher such as RC2, or it holds no private key in PEM form at all.'),
      remedies: [
        l10n.t(
          'Run "Client Certificate: Extract Private Key" on the file: it opens old ciphers too and writes a modern file.',
        ),
        inspectKey(),
      ],
    }),
  },
  {
    // L1
    code: 'openssl-passphrase-too-short',
    signs: ['You must type in 4 to 1024 characters', 'password too short', 'result too small'],
    explain: () => ({
      title: l10n.t('OpenSSL wants at least 4 characters'),
      cause: l10n.t('OpenSSL 3 refuses an empty pass phrase here and leaves a file with attributes but no key.'),
      remedies: [
        l10n.t('Use "Client Certificate: Extract Private Key", which writes a key with or without a pass phrase.'),
        l10n.t('Or add -noenc to the openssl call.'),
      ],
    }),
  },
  {
    code: 'endpoints_resolution_error',
    signs: ['endpoints_resolution_error', 'Endpoints cannot be resolved'],
    explain: () => ({
      title: l10n.t('MSAL does not accept the authority'),
      cause: l10n.t(
        'The authority cannot be reached or, for an external tenant, its issuer (with the tenant id) does not fit the authority that is written with a name.',
      ),
      remedies: [
        l10n.t('Write the authority of an external tenant as https://<subdomain>.ciamlogin.com/<tenant id>.'),
        l10n.t(
          'Check the network and proxy: the address {0} must answer.',
          '<authority>/v2.0/.well-known/openid-configuration',
        ),
      ],
    }),
  },
  {
    code: 'missing_tenant_id_error',
    signs: ['missing_tenant_id_error'],
    explain: () => ({
      title: l10n.t('The authority names no tenant'),
      cause: l10n.t('Client credentials work on a tenant of their own only, not on /common.'),
      remedies: [l10n.t('For this request use an authority with the tenant id.')],
    }),
  },
  {
    code: 'file-not-found',
    signs: ['ENOENT: no such file or directory'],
    explain: () => ({
      title: l10n.t('A file is missing'),
      cause: l10n.t(
        'The app reads a file that is not there; a relative path counts from the folder the app is started in.',
      ),
      remedies: [l10n.t('Check the variable with the path of the private key, and start the app in its own folder.')],
    }),
  },
  {
    // F63
    code: 'tls-inspection',
    signs: [
      'unable to get local issuer certificate',
      'self-signed certificate in certificate chain',
      'self signed certificate in certificate chain',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    ],
    explain: () => ({
      title: l10n.t('The TLS connection is not trusted'),
      cause: l10n.t(
        'A proxy of your network opens TLS connections with a certificate that this program does not trust.',
      ),
      remedies: [
        l10n.t(
          'Point NODE_EXTRA_CA_CERTS to the root certificate of your network, or start Node.js 22 or newer with --use-system-ca.',
        ),
      ],
    }),
  },
];
