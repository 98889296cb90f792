/** Checks on what stands where a private key belongs: in a variable, in a file, in the code (facts/failure-modes.md F16, F18). */
import * as l10n from '@vscode/l10n';
import type { AppConfig } from '../appConfig/types.ts';
import type { KeyTextProblem } from '../base/keyText.ts';
import { at, envPlace } from './finding.ts';
import type { AppFacts, Finding } from './types.ts';

/** MSAL says of each of these that the key "must be an asymmetric key", Node "DECODER routines::unsupported". */
export function checkKeyText(config: AppConfig, { keyText }: AppFacts): Finding[] {
  const { certificate, places } = config;
  if (certificate?.keyLiteral !== undefined) {
    return [
      {
        code: certificate.keyLiteral === 'newlines' ? 'key-newlines-broken' : 'key-variable-wrong',
        severity: 'error',
        message: ofLiteral(certificate.keyLiteral),
        ...at(config, places?.privateKey),
      },
    ];
  }
  if (keyText === undefined || certificate === undefined) return [];
  const { keyFile, keyPath, privateKey } = certificate;
  if (keyFile !== undefined) {
    const message = ofFile(keyText, keyFile);
    const place = { ...at(config, places?.keyPath, places?.privateKey), ...envPlace(keyPath) };
    return [{ code: 'key-file-wrong', severity: 'error', message, ...place }];
  }
  const message = ofVariable(keyText, privateKey?.kind === 'environment' ? privateKey.variable : '');
  const place: Pick<Finding, 'line' | 'range' | 'envPlace'> = {
    ...at(config, places?.privateKey),
    ...envPlace(privateKey),
  };
  if (keyText !== 'newlines') return [{ code: 'key-variable-wrong', severity: 'error', message, ...place }];
  return [
    {
      code: 'key-newlines-broken',
      severity: 'error',
      message,
      ...place,
      ...(place.envPlace === undefined ? {} : { fix: { kind: 'repair', what: 'lineEnds', line: config.line } }),
    },
  ];
}

function ofVariable(problem: KeyTextProblem, variable: string): string {
  switch (problem) {
    case 'newlines':
      return l10n.t(
        'The private key in {0} has lost its line ends, so MSAL cannot read it ("must be an asymmetric key"). Put the value in double quotes with \\n for each line end, or keep it as base64 in one line and decode it.',
        variable,
      );
    case 'layout':
      return l10n.t(
        'The private key in {0} is not in exact PEM form, so Node cannot read it. Its BEGIN and END lines must be lines of their own, with nothing before or after them, and its characters complete. Set the key again.',
        variable,
      );
    case 'base64':
      return l10n.t(
        'The value of {0} is base64, but the code hands it to MSAL as it is. Decode it with Buffer.from(…, "base64"), or set the PEM text.',
        variable,
      );
    case 'der':
      return l10n.t(
        'The value of {0} is a binary key (DER) in base64, but the code takes it for PEM text, so Node cannot read it. Set the base64 of the PEM text, or give createPrivateKey the format "der" with the type "pkcs8".',
        variable,
      );
    case 'pkcs12':
      return l10n.t(
        'The value of {0} is a PFX file, which Node does not take for a private key. Take the key out with "Client Certificate: Extract Private Key…" and set the base64 of that PEM text.',
        variable,
      );
    case 'pem':
      return l10n.t(
        'The value of {0} is PEM text, but the code decodes it as base64, so MSAL gets no key. Set the base64 of the PEM text, or hand the value over as it is.',
        variable,
      );
    case 'path':
      return l10n.t(
        'The value of {0} is the path of a file, but the code hands it to MSAL as the key. Read the file, or set the key itself.',
        variable,
      );
    case 'certificate':
      return l10n.t(
        'The value of {0} is a certificate without its private key, so MSAL cannot sign. Set the private key.',
        variable,
      );
    case 'other':
      return l10n.t(
        'The value of {0} is no private key in PEM form, so MSAL cannot sign. Set the key again.',
        variable,
      );
  }
}

function ofFile(problem: KeyTextProblem, file: string): string {
  switch (problem) {
    case 'newlines':
      return l10n.t(
        'The private key in the file {0} has lost its line ends, so Node cannot read it. Write the key again with real line ends after its BEGIN line and before its END line.',
        file,
      );
    case 'der':
      return l10n.t(
        'The file {0} holds a binary key (DER), but the code takes it for PEM text, so Node cannot read it and the app does not start. Write the key in PEM form, or give createPrivateKey the format "der" with the type "pkcs8".',
        file,
      );
    case 'pkcs12':
      return l10n.t(
        'The file {0} is a PFX file, which Node does not take for a private key, so the app does not start. Take the key out with "Client Certificate: Extract Private Key…" and let the code read that file.',
        file,
      );
    case 'base64':
      return l10n.t(
        'The file {0} holds base64 without BEGIN and END lines, but the code takes it for PEM text, so Node cannot read it and the app does not start. Write the key in PEM form.',
        file,
      );
    case 'pem':
      return l10n.t(
        'The file {0} holds PEM text, but the code takes it for something else, so Node cannot read it and the app does not start. Hand its content over as it is.',
        file,
      );
    case 'layout':
    case 'path':
    case 'certificate':
    case 'other':
      return l10n.t(
        'The private key in the file {0} is not in exact PEM form, so Node cannot read it and the app does not start. Its BEGIN and END lines must be lines of their own, with nothing before or after them, and its characters complete. Write the key again.',
        file,
      );
  }
}

function ofLiteral(problem: KeyTextProblem): string {
  switch (problem) {
    case 'newlines':
      return l10n.t(
        'The private key in the code has lost its line ends, so MSAL cannot read it ("must be an asymmetric key"). Move it to an environment variable as base64 in one line and decode it.',
      );
    case 'path':
      return l10n.t(
        'Here stands the path of a file, which the code hands to MSAL as the key itself. Read the file: readFileSync(path, "utf8").',
      );
    case 'certificate':
      return l10n.t('Here stands a certificate without its private key, so MSAL cannot sign. Give the private key.');
    case 'base64':
      return l10n.t(
        'Here stands base64, which the code hands to MSAL as it is, so MSAL cannot sign. MSAL takes a private key in PEM form.',
      );
    case 'layout':
    case 'der':
    case 'pkcs12':
    case 'pem':
    case 'other':
      return l10n.t('Here stands no private key in PEM form, so MSAL cannot sign. Give the private key.');
  }
}
