/** Checks on what a config authenticates with (facts/failure-modes.md F30, F39, F41). */
import * as l10n from '@vscode/l10n';
import type { AppConfig } from '../appConfig/types.ts';
import { at, renamed } from './finding.ts';
import type { Finding } from './types.ts';

const setUp = { kind: 'command', command: 'setUp' } as const;

/** A secret, where it stands, what it looks like, and whether a certificate is there too. */
export function checkCredential(config: AppConfig): Finding[] {
  const { credential, secretInCode, places } = config;
  const findings: Finding[] = [];
  const fix = credential === 'secret' ? { fix: setUp } : {};
  if (secretInCode === true) {
    findings.push({
      code: 'secret-in-code',
      // The app runs; an error is only what keeps it from that.
      severity: 'warning',
      message: l10n.t(
        'A client secret stands in the code and therefore in every copy of it and in its history. Set up a client certificate, then delete this secret from the app registration.',
      ),
      ...at(config, places?.secret),
      ...fix,
    });
  } else if (credential === 'secret') {
    findings.push({
      code: 'secret-in-use',
      severity: 'warning',
      message: l10n.t(
        'This app signs in with a client secret. A client certificate is safer: its private key never leaves this app. Run "Client Certificate: Set Up Client Certificate…".',
      ),
      ...at(config),
      ...fix,
    });
  }
  if (credential === 'secretAndCertificate') findings.push(both(config));
  findings.push(...checkShape(config));
  return findings;
}

/** Apps that take one of the two by a setting work; MSAL refuses both at once, whichever it would need. */
function both(config: AppConfig): Finding {
  if (config.alternatives === true) {
    return {
      code: 'secret-as-alternative',
      severity: 'information',
      message: l10n.t(
        'The code takes a client secret or a client certificate. Once sign-in with the certificate works everywhere, remove the secret’s branch and retire the secret.',
      ),
      ...at(config),
    };
  }
  return {
    code: 'secret-and-certificate',
    severity: config.secretSet === true ? 'error' : 'warning',
    message: l10n.t(
      'A client secret and a client certificate are both configured. MSAL refuses to start when both have a value. Remove the secret once sign-in with the certificate works.',
    ),
    ...at(config),
  };
}

/** F39: the portal shows a secret's id beside its value, and the id looks like a GUID. F41: a certificate is no secret. */
function checkShape(config: AppConfig): Finding[] {
  const { secretShape, places, secret } = config;
  const place = {
    ...at(config, places?.secret),
    ...(secret?.kind === 'environment' && secret.envFile !== undefined && secret.envLine !== undefined
      ? { envPlace: { file: secret.envFile, line: secret.envLine } }
      : {}),
  };
  if (secretShape === 'id') {
    return [
      {
        code: 'secret-is-id',
        severity: 'warning',
        message: l10n.t(
          'The client secret looks like a secret’s ID, not like its value, so sign-in fails with AADSTS7000215. The portal shows the value only once: make a new secret, or better set up a client certificate.',
        ),
        ...place,
      },
    ];
  }
  if (secretShape !== 'pem') return [];
  return [
    {
      code: 'secret-is-certificate',
      severity: 'error',
      message: l10n.t(
        'A certificate or private key is given as client secret, so sign-in fails with AADSTS7000215. Give it as "clientCertificate" with its thumbprint.',
      ),
      ...place,
    },
  ];
}

/** A property that MSAL ignores because of its spelling. */
export function checkMisspelt(config: AppConfig): Finding[] {
  const { misspelt, places } = config;
  if (misspelt === undefined) return [];
  const { name, meant = 'clientCertificate', line } = misspelt;
  const message =
    meant === 'clientCertificate'
      ? l10n.t('MSAL ignores "{0}": the property is called "clientCertificate". Correct its name.', name)
      : l10n.t('MSAL ignores "{0}": the property is called "{1}". Correct its name.', name, meant);
  const edit = renamed(places?.misspelt, name, meant);
  return [
    {
      code: 'certificate-misspelt',
      severity: 'error',
      message,
      ...(places?.misspelt === undefined ? { line } : at(config, places.misspelt)),
      ...(edit === undefined ? {} : { fix: { kind: 'edit', what: 'name', edits: [edit] } }),
    },
  ];
}
