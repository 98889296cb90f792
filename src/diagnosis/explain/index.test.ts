import assert from 'node:assert/strict';
import { entraErrors } from './entra.ts';
import { graphErrors } from './graph.ts';
import { explainError } from './index.ts';
import { localErrors } from './local.ts';

const thumbprint = 'A1B2C3D4E5F60718293A4B5C6D7E8F9001122334';
const app = '00001111-aaaa-2222-bbbb-3333cccc4444';
const notFound = (seen: string) =>
  `AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: '${seen}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${app}'. Trace ID: 1 Correlation ID: 2`;

/** Real texts of the service (shared facts/tokens.md 4.3), and a word that only the right explanation has. */
const entraTexts: readonly [string, string, RegExp][] = [
  ['AADSTS700027', notFound(thumbprint), /does not know this certificate/],
  ['AADSTS700027', notFound(''), /damaged thumbprint/],
  ['AADSTS700027', notFound('AB'), /damaged thumbprint/],
  [
    'AADSTS700027',
    `AADSTS700027: Client assertion contains an invalid signature. [Reason - The key used is expired., Thumbprint of key used by client: '${thumbprint}', Found key 'Start=01/01/2024 00:00:00, End=01/01/2025 00:00:00']`,
    /expired/,
  ],
  [
    'AADSTS700027',
    `AADSTS700027: Client assertion contains an invalid signature. [Reason - The provided signature value did not match the expected signature value., Thumbprint of key used by client: '${thumbprint}']`,
    /signature does not fit/,
  ],
  ['AADSTS1000502', 'AADSTS1000502: The provided certificate is not within its specified validity window.', /validity/],
  [
    'AADSTS700024',
    'AADSTS700024: Client assertion is not within its valid time range. Current time: 2026-11-23T10:00:00Z, assertion valid from 2026-11-22T10:00:00Z, expiry time of assertion 2026-11-22T10:10:00Z. Review the documentation at https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials .',
    /not valid at this time/,
  ],
  ['AADSTS7000214', 'AADSTS7000214: Certificate has been revoked.', /revoked/],
  ['AADSTS7000277', 'AADSTS7000277: The certificate was revoked.', /revoked/],
  ['AADSTS7000274', 'AADSTS7000274: The certificate is not within its validity period.', /validity/],
  [
    'AADSTS700030',
    "AADSTS700030: Invalid certificate - subject name in certificate isn't authorized. SubjectNames/SubjectAlternativeNames (up to 10) in token certificate are: {CN=x}",
    /not authorised/,
  ],
  ['AADSTS50012', 'AADSTS50012: Client assertion contains an invalid signature.', /signature does not fit/],
  ['AADSTS50013', 'AADSTS50013: Assertion failed signature validation.', /malformed/],
  ['AADSTS50027', 'AADSTS50027: Invalid JWT token.', /malformed/],
  ['AADSTS50048', 'AADSTS50048: Subject mismatches Issuer claim in the client assertion.', /differ/],
  [
    'AADSTS7000215',
    `AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${app}'.`,
    /secret is wrong/,
  ],
  ['AADSTS7000222', `AADSTS7000222: The provided client secret keys for app '${app}' are expired.`, /has expired/],
  [
    'AADSTS7000216',
    "AADSTS7000216: 'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    /no credential/,
  ],
  [
    'AADSTS7000218',
    "AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    /no credential/,
  ],
  [
    'AADSTS700016',
    `AADSTS700016: Application with identifier '${app}' was not found in the directory 'Contoso'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    /does not know this app/,
  ],
  [
    'AADSTS90002',
    "AADSTS90002: Tenant 'contoso.example' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.",
    /tenant was not found/,
  ],
  ['AADSTS900382', 'AADSTS900382: Confidential Client is not supported in Cross Cloud request.', /different clouds/],
  ['AADSTS900432', 'AADSTS900432: Confidential Client is not supported in Cross Cloud request.', /different clouds/],
  [
    'AADSTS500011',
    'AADSTS500011: The resource principal named https://api.example was not found in the tenant named Contoso.',
    /resource/,
  ],
  [
    'AADSTS7000229',
    `AADSTS7000229: The client application ${app} is missing service principal in the tenant 1.`,
    /service principal/,
  ],
  [
    'AADSTS9001023',
    'AADSTS9001023: The grant type is not supported over the /common or /consumers endpoints.',
    /names no tenant/,
  ],
  ['AADSTS90013', 'AADSTS90013: Invalid input received from the user.', /missing/],
  ['AADSTS900144', "AADSTS900144: The request body must contain the following parameter: 'client_id'.", /missing/],
  ['AADSTS65001', 'AADSTS65001: The user or administrator has not consented to use the application.', /Consent/],
  [
    'AADSTS65002',
    "AADSTS65002: Consent between first party application 'aebc6443' and first party resource '00000003-0000-0000-c000-000000000000' must be configured via preauthorization",
    /may not ask/,
  ],
  ['AADSTS90094', 'AADSTS90094: The grant requires admin permission.', /administrator has to consent/],
  [
    'AADSTS700021',
    "AADSTS700021: Client assertion application identifier doesn't match 'client_id' parameter.",
    /another app/,
  ],
  ['AADSTS700023', 'AADSTS700023: Client assertion audience claim does not match Realm issuer.', /malformed/],
  [
    'AADSTS1002012',
    'AADSTS1002012: The provided value for scope User.Read is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
    /scope/,
  ],
  [
    'AADSTS50011',
    'AADSTS50011: The redirect URI specified in the request does not match the redirect URIs configured for the application.',
    /redirect/,
  ],
];

const localTexts: readonly [string, string][] = [
  [
    'invalid_client_credential',
    'ClientAuthError: invalid_client_credential: Client credential (secret, certificate, or assertion) must not be empty when creating a confidential client.',
  ],
  [
    'state_not_found',
    'ClientAuthError: state_not_found: State not found. Please verify that the request originated from msal.',
  ],
  [
    'invalid_assertion',
    'ClientAuthError: invalid_assertion: Client assertion must meet requirements described in https://tools.ietf.org/html/rfc7515',
  ],
  ['private-key-not-usable', 'Error: secretOrPrivateKey must be an asymmetric key when using PS256'],
  ['key-is-ec', 'Error: "alg" parameter for "ec" key type must be one of: ES256, ES384, ES512.'],
  ['key-too-short', 'Error: secretOrPrivateKey has a minimum key size of 2048 bits for PS256'],
  ['wrong-password', 'Error: error:1C800064:Provider routines::bad decrypt'],
  ['passphrase-missing', 'Error: error:07880109:common libcrypto routines::interrupted or cancelled'],
  ['unsupported-encryption', 'Error: error:1E08010C:DECODER routines::unsupported'],
  ['openssl-passphrase-too-short', 'Enter PEM pass phrase: You must type in 4 to 1024 characters'],
  ['endpoints_resolution_error', 'ClientAuthError: endpoints_resolution_error: Endpoints cannot be resolved'],
  ['missing_tenant_id_error', 'ClientAuthError: missing_tenant_id_error: A tenant id - not common - must be specified'],
  ['file-not-found', "Error: ENOENT: no such file or directory, open 'certs/app.key'"],
  ['tls-inspection', 'RequestError: unable to get local issuer certificate'],
];

/** As az, Graph Explorer and scripts print them (failure-modes.md, F43-F45, F49, F52). */
const graphTexts: readonly [string, string][] = [
  ['Authorization_RequestDenied', 'ERROR: Insufficient privileges to complete the operation.'],
  ['KeyNotUpdatable', "Update to existing credential with KeyId '1' is not allowed."],
  ['KeyCredentialsInvalidEndDate', 'ERROR: Key credential end date is invalid.'],
  ['KeyCredentialsInvalidStartDate', '{"error":{"code":"KeyCredentialsInvalidStartDate"}}'],
  ['KeyCredentialsInvalidValue', 'KeyValue cannot be null or empty'],
  [
    'CredentialInvalidLifetimeAsPerAppPolicy',
    'Credential lifetime exceeds the max value allowed as per assigned policy. Max allowed lifetime: 90 days.',
  ],
  [
    'CredentialInvalidCertificateAuthorityAsPerAppPolicy',
    'CredentialInvalidCertificateAuthorityAsPerAppPolicy: The certificate was not issued by',
  ],
  ['CredentialTypeNotAllowedAsPerAppPolicy', 'Credential type not allowed as per assigned policy.'],
];

describe('explaining errors', () => {
  for (const [code, text, title] of entraTexts) {
    it(`${code}: ${text.slice(code.length + 2, 70)}`, () => {
      const explanation = explainError(text);
      assert.equal(explanation.code, code);
      assert.match(explanation.title, title);
      assert.ok(explanation.cause.length > 20 && explanation.remedies.length > 0);
    });
  }

  for (const [code, text] of [...localTexts, ...graphTexts]) {
    it(`${code}: ${text.slice(0, 60)}`, () => {
      assert.equal(explainError(`    at app.js:3\n${text}\n    at node:internal`).code, code);
    });
  }

  it('covers every known error with a real text', () => {
    const covered = new Set([...entraTexts, ...localTexts, ...graphTexts].map(([code]) => code));
    assert.deepEqual(
      [...entraErrors, ...localErrors, ...graphErrors].map(({ code }) => code).filter((code) => !covered.has(code)),
      [],
    );
  });

  it('names the thumbprint that the server saw', () => {
    assert.match(explainError(notFound(thumbprint)).cause, new RegExp(thumbprint));
  });

  it('recognises the number in a JSON body and in the fields of an MSAL ServerError', () => {
    assert.equal(
      explainError('{"error":"invalid_client","error_codes":[7000215],"timestamp":""}').code,
      'AADSTS7000215',
    );
    assert.equal(explainError("ServerError { errorCode: 'invalid_client', errorNo: '700027' }").code, 'AADSTS700027');
  });

  it('says where to look up a number it does not know', () => {
    const explanation = explainError('AADSTS123456: Something new.');
    assert.equal(explanation.code, 'AADSTS123456');
    assert.match(explanation.remedies[0] ?? '', /error\?code=123456/);
  });

  it('says so when there is nothing to explain, and is quick about long text', () => {
    assert.equal(explainError('all is well').code, 'unknown');
    assert.equal(explainError('x'.repeat(50_000_000)).code, 'unknown');
  });
});
