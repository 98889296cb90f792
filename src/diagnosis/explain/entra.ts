/**
 * Errors of the Entra token endpoint. Numbers and texts: shared facts/tokens.md section 4.3 and
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes.
 */
import * as l10n from '@vscode/l10n';
import { certificateNotAccepted } from './certificateRefused.ts';
import type { KnownError } from './types.ts';

const secretAdvice = () =>
  l10n.t('Better: move the app to a client certificate with "Client Certificate: Set Up Client Certificate…".');

export const entraErrors: readonly KnownError[] = [
  { code: 'AADSTS700027', explain: certificateNotAccepted },
  { code: 'AADSTS50012', explain: certificateNotAccepted },
  {
    code: 'AADSTS1000502',
    explain: () => ({
      title: l10n.t('The certificate is outside its validity'),
      cause: l10n.t('The certificate has expired or is not valid yet.'),
      remedies: [
        l10n.t('Inspect the certificate for its dates and make a new one if it has expired.'),
        l10n.t('For a certificate made minutes ago, check the clock of the machine that made it.'),
      ],
    }),
  },
  {
    code: 'AADSTS700024',
    explain: () => ({
      title: l10n.t('The client assertion is not valid at this time'),
      cause: l10n.t(
        'The clock of the machine that runs the app is wrong, or the app sends an assertion that was made long ago.',
      ),
      remedies: [
        l10n.t('Correct the clock of the machine or container.'),
        l10n.t(
          'Give MSAL a callback as "clientAssertion" (msal-node 2.8.1 or newer), not a fixed string: an assertion lives for minutes only.',
        ),
      ],
    }),
  },
  {
    code: 'AADSTS7000214',
    explain: () => revoked(),
  },
  { code: 'AADSTS7000277', explain: () => revoked() },
  {
    code: 'AADSTS7000274',
    explain: () => ({
      title: l10n.t('The certificate is outside its validity'),
      cause: l10n.t('The certificate has expired or is not valid yet.'),
      remedies: [l10n.t('Inspect the certificate for its dates and make a new one if it has expired.')],
    }),
  },
  {
    code: 'AADSTS700030',
    explain: () => ({
      title: l10n.t('The name in the certificate is not authorised'),
      cause: l10n.t(
        'The app sends its certificate chain (x5c), and the directory then checks subject and issuer instead of the thumbprint. Ordinary app registrations do not support that.',
      ),
      remedies: [
        l10n.t('Remove "x5c" from the app config.'),
        l10n.t(
          'If the text speaks of another cloud instance, sign in to the cloud that the certificate was issued for.',
        ),
      ],
    }),
  },
  { code: 'AADSTS50013', explain: () => malformedAssertion() },
  { code: 'AADSTS50027', explain: () => malformedAssertion() },
  {
    code: 'AADSTS50048',
    explain: () => ({
      title: l10n.t('Subject and issuer of the client assertion differ'),
      cause: l10n.t('In a client assertion both "sub" and "iss" must be the client id.'),
      remedies: [l10n.t('Let MSAL build the assertion from "clientCertificate", or set both claims to the client id.')],
    }),
  },
  { code: 'AADSTS700021', explain: () => otherApp() },
  { code: 'AADSTS700023', explain: () => malformedAssertion() },
  {
    code: 'AADSTS7000215',
    explain: () => ({
      title: l10n.t('The client secret is wrong'),
      cause: l10n.t(
        "The app sent a secret that the app registration does not have: often the secret's id instead of its value, a deleted secret, or a certificate in place of a secret.",
      ),
      remedies: [
        l10n.t(
          'If the app is meant to use a certificate already, remove "clientSecret" from what the app really loads, also from its environment.',
        ),
        l10n.t(
          "Compare with the secret's hint (its first three characters) in the app registration; a value that looks like a GUID is the secret's id.",
        ),
        secretAdvice(),
      ],
    }),
  },
  {
    code: 'AADSTS7000222',
    explain: () => ({
      title: l10n.t('The client secret has expired'),
      cause: l10n.t('All secrets that the app could have meant are over their end date.'),
      remedies: [secretAdvice(), l10n.t('To bridge the time, add a new secret in the app registration.')],
    }),
  },
  {
    code: 'AADSTS7000216',
    explain: () => ({
      title: l10n.t('The app sent no credential'),
      cause: l10n.t(
        'The request had neither a secret nor an assertion. msal-node 2.8.0 does that with every certificate.',
      ),
      remedies: [
        l10n.t('Upgrade @azure/msal-node to 2.8.1 or newer, best to the latest version.'),
        l10n.t('Check that the environment variables of the credential are set where the app runs.'),
      ],
    }),
  },
  {
    code: 'AADSTS7000218',
    explain: () => ({
      title: l10n.t('The app sent no credential'),
      cause: l10n.t('The request had neither "client_secret" nor "client_assertion".'),
      remedies: [
        l10n.t('Check that the environment variables of the credential are set where the app runs.'),
        l10n.t('Use ConfidentialClientApplication, not PublicClientApplication.'),
      ],
    }),
  },
  {
    code: 'AADSTS700016',
    explain: (facts) => ({
      title: l10n.t('The tenant does not know this app'),
      cause:
        facts.clientId === undefined || facts.tenant === undefined
          ? l10n.t(
              'The app registration does not exist in the directory that was asked. Often the request goes to the wrong tenant.',
            )
          : l10n.t(
              'The app registration {0} does not exist in the directory {1}. Often the request goes to the wrong tenant.',
              facts.clientId,
              facts.tenant,
            ),
      remedies: [
        l10n.t('Compare client id and authority in the app config with the overview page of the app registration.'),
        l10n.t('For an app of an external tenant use https://<subdomain>.ciamlogin.com/<tenant id> as authority.'),
      ],
    }),
  },
  {
    code: 'AADSTS90002',
    explain: (facts) => ({
      title: l10n.t('The tenant was not found'),
      cause:
        facts.tenant === undefined
          ? l10n.t('There is no such tenant in this cloud.')
          : l10n.t('There is no tenant {0} in this cloud.', facts.tenant),
      remedies: [
        l10n.t('Check the tenant in the authority for typing errors.'),
        l10n.t('Tenants of US Government and China live at other addresses: check the cloud.'),
      ],
    }),
  },
  {
    code: 'AADSTS900382',
    explain: () => crossCloud(),
  },
  { code: 'AADSTS900432', explain: () => crossCloud() },
  {
    code: 'AADSTS500011',
    explain: () => ({
      title: l10n.t('The tenant does not know the resource'),
      cause: l10n.t('The scope names a resource that has no service principal in this tenant.'),
      remedies: [
        l10n.t('Check the scope: for an app of its own use <resource>/.default.'),
        l10n.t('Have an administrator consent to the resource in this tenant.'),
      ],
    }),
  },
  {
    code: 'AADSTS7000229',
    explain: (facts) => ({
      title: l10n.t('The app has no service principal in this tenant'),
      cause:
        facts.clientId === undefined
          ? l10n.t('The app registration exists, but nobody has added it to this tenant.')
          : l10n.t('The app registration {0} exists, but nobody has added it to this tenant.', facts.clientId),
      remedies: [
        l10n.t(
          'Open the app registration\'s overview and choose "Create Service Principal", or run: az ad sp create --id {0}',
          facts.clientId ?? '<client id>',
        ),
      ],
    }),
  },
  {
    code: 'AADSTS9001023',
    explain: () => ({
      title: l10n.t('The authority names no tenant'),
      cause: l10n.t(
        'Client credentials work on a tenant of their own only, not on /common, /organizations or /consumers.',
      ),
      remedies: [l10n.t('For this request use an authority with the tenant id.')],
    }),
  },
  {
    code: 'AADSTS1002012',
    explain: () => ({
      title: l10n.t('The scope does not fit an app of its own'),
      cause: l10n.t(
        'An app that signs in for itself (client credentials) gets all permissions that it has for a resource at once; it cannot ask for single ones.',
      ),
      remedies: [
        l10n.t('Ask for the resource followed by /.default, for instance https://graph.microsoft.com/.default.'),
      ],
    }),
  },
  { code: 'AADSTS90013', explain: () => missingParameter() },
  { code: 'AADSTS900144', explain: () => missingParameter() },
  {
    code: 'AADSTS65001',
    explain: () => ({
      title: l10n.t('Consent is missing'),
      cause: l10n.t('Nobody has consented that this app may use the resource.'),
      remedies: [l10n.t('Have an administrator grant consent on the page "API permissions" of the app registration.')],
    }),
  },
  {
    code: 'AADSTS90094',
    explain: () => ({
      title: l10n.t('An administrator has to consent'),
      cause: l10n.t('The tenant lets only administrators consent to these permissions.'),
      remedies: [
        l10n.t('Have an administrator grant consent on the page "API permissions" of the app registration.'),
        l10n.t('To upload a certificate, sign in through Azure CLI (az login), or hand it to an administrator.'),
      ],
    }),
  },
  {
    code: 'AADSTS65002',
    explain: () => ({
      title: l10n.t('This program may not ask for these permissions'),
      cause: l10n.t(
        'Microsoft has not preauthorised the signed-in program (for instance VS Code) for Microsoft Graph.',
      ),
      remedies: [
        l10n.t('Sign in through Azure CLI (az login).'),
        l10n.t('Or hand the public certificate to an administrator who uploads it.'),
      ],
    }),
  },
  {
    code: 'AADSTS50011',
    explain: () => ({
      title: l10n.t('The redirect address is not registered'),
      cause: l10n.t('The address that the sign-in returns to is not among the redirect URIs of the app registration.'),
      remedies: [l10n.t('Add it under "Authentication" of the app registration, letter by letter.')],
    }),
  },
];

function revoked(): ReturnType<KnownError['explain']> {
  return {
    title: l10n.t('The certificate has been revoked'),
    cause: l10n.t('The certificate authority has revoked this certificate.'),
    remedies: [l10n.t('Make a new certificate with a new private key, upload it, and switch the app to it.')],
  };
}

function otherApp(): ReturnType<KnownError['explain']> {
  return {
    title: l10n.t('The client assertion was made for another app'),
    cause: l10n.t('The client id in the assertion ("iss" and "sub") is not the one that the request names.'),
    remedies: [
      l10n.t('Let MSAL build the assertion from "clientCertificate", or use the client id of the app config for both.'),
    ],
  };
}

function malformedAssertion(): ReturnType<KnownError['explain']> {
  return {
    title: l10n.t('The client assertion is malformed'),
    cause: l10n.t(
      'Audience, issuer, signature or form of the client assertion is wrong: often it was made for another tenant or address.',
    ),
    remedies: [
      l10n.t('Let MSAL build the assertion from "clientCertificate".'),
      l10n.t(
        'If you build it yourself, use the token endpoint of the very authority as "aud" and the client id as "iss" and "sub".',
      ),
    ],
  };
}

function crossCloud(): ReturnType<KnownError['explain']> {
  return {
    title: l10n.t('The app and the tenant are in different clouds'),
    cause: l10n.t('Confidential clients cannot sign in across clouds.'),
    remedies: [l10n.t('Use the authority of the cloud that holds the app registration.')],
  };
}

function missingParameter(): ReturnType<KnownError['explain']> {
  return {
    title: l10n.t('A part of the request is missing'),
    cause: l10n.t('The token request lacked a value, often because an environment variable is not set.'),
    remedies: [l10n.t('Check that the environment variables of the app config are set where the app runs.')],
  };
}
