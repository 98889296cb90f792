/** What the user should know after the rewrite, each with file and line. */
import * as l10n from '@vscode/l10n';
import { positionAt } from '../base/edits.ts';
import type { ConfigSite, ParsedSource, SecretReader } from './code.types.ts';
import { endOf, startOf } from './nodes.ts';
import { secretReaders } from './readers.ts';
import { findSites } from './sites.ts';
import { lineStart } from './style.ts';
import type { PlanWarning } from './types.ts';
import { variablesOf } from './valueParts.ts';
import type { ValueInfo } from './valueSource.ts';

/** Warnings of the rewrite of one site. */
export function rewriteWarnings(source: ParsedSource, site: ConfigSite, info: ValueInfo): PlanWarning[] {
  const file = source.fileName;
  const readers = secretReaders(source, site);
  const warnings: PlanWarning[] = readers
    .filter(
      ({ kind, line }, index) => readers.findIndex((other) => other.kind === kind && other.line === line) === index,
    )
    .map((reader) => readerWarning(file, reader));
  for (const other of findSites(source))
    if (other.credential === 'secret' && other.offset !== site.offset)
      warnings.push({
        code: 'other-secret',
        message: l10n.t('Line {0} holds another configuration with a secret. It is unchanged.', other.line),
        file,
        line: other.line,
      });
  const { auth, secret } = site.nodes;
  if (
    info.source.kind === 'environment' &&
    /^(NEXT_|NUXT_|EXPO_)?PUBLIC_|^(VITE|REACT_APP|GATSBY)_/.test(info.source.variable)
  )
    warnings.push({
      code: 'public-variable',
      message: l10n.t(
        'The secret is in {0}, which is shipped to browsers. Treat it as known to everybody: revoke it soon.',
        info.source.variable,
      ),
      file,
      line: site.line,
    });
  if (info.source.kind === 'environment' && info.source.others !== undefined)
    warnings.push({
      code: 'secret-conditional',
      message: l10n.t(
        'The secret came from one of several variables: {0}. The certificate comes from the same variables in every case, so each deployment needs its own values for them. Keep all of the old ones until the secrets are retired.',
        variablesOf(info.source).join(', '),
      ),
      file,
      line: site.line,
    });
  if (info.source.kind === 'settings')
    warnings.push({
      code: 'settings-module',
      message: l10n.t(
        'The secret came from {0}. The certificate is read from the environment directly; add the new variables to those settings if you want everything in one place.',
        info.source.expression,
      ),
      file,
      line: site.line,
    });
  if (site.secretLiteral && !site.secretLiteral.placeholder)
    warnings.push({
      code: 'secret-was-literal',
      message: l10n.t(
        'The secret stood in the code. It stays in the version history: delete it from the app registration once sign-in with the certificate is proven.',
      ),
      file,
      line: positionAt(source.text, site.secretLiteral.start).line,
    });
  if (auth?.type === 'ObjectExpression')
    for (const property of auth.properties)
      if (property.type === 'SpreadElement')
        warnings.push({
          code: 'spread-unknown',
          message: l10n.t(
            'Another object is spread into this configuration. It must not hold a client secret, or MSAL refuses to start.',
          ),
          file,
          line: positionAt(source.text, startOf(property)).line,
        });
  if (secret) {
    const above = source.comments.find(
      ({ start, end, value }) =>
        end <= startOf(secret) &&
        start > (auth ? startOf(auth) : 0) &&
        /secret/i.test(value) &&
        source.text.slice(end, lineStart(source.text, startOf(secret))).trim() === '',
    );
    if (above && source.text.slice(above.end, startOf(secret)).trim() === '')
      warnings.push({
        code: 'comment-mentions-secret',
        message: l10n.t('The comment above the credential still speaks of the secret.'),
        file,
        line: positionAt(source.text, above.start).line,
      });
    if (site.form === 'assignment' && source.language === 'typescript' && site.evidence !== 'type')
      warnings.push(mayNotTypeCheck(source, endOf(secret)));
  }
  return warnings;
}

/** @param offset of what the compiler may stumble over */
export function mayNotTypeCheck(source: ParsedSource, offset: number): PlanWarning {
  return {
    code: 'may-not-type-check',
    message: l10n.t(
      'If the compiler does not know "clientCertificate" here, give the configuration the type Configuration of @azure/msal-node.',
    ),
    file: source.fileName,
    line: positionAt(source.text, offset).line,
  };
}

/** The warning for a line that stays behind. */
export function readerWarning(file: string, { kind, line }: SecretReader): PlanWarning {
  const make = (code: string, message: string): PlanWarning => ({ code, message, file, line });
  switch (kind) {
    case 'guard':
      return make(
        'secret-guard',
        l10n.t(
          'Line {0} still checks for the secret: the app may refuse to start without one that nobody uses. Remove the check when the secret is retired.',
          line,
        ),
      );
    case 'config':
      return make(
        'secret-reader',
        l10n.t('Line {0} still reads the secret from the configuration, where it no longer is.', line),
      );
    case 'constant':
      return make(
        'secret-constant',
        l10n.t(
          'Line {0} still reads the secret into a constant that nothing needs. Remove it when the secret is retired.',
          line,
        ),
      );
    case 'name':
      return make(
        'secret-name',
        l10n.t("Line {0} still lists the secret's variable. Remove it there when the secret is retired.", line),
      );
    case 'write':
      return make('secret-write', l10n.t('Line {0} still sets the secret.', line));
    case 'use':
      return make(
        'secret-use',
        l10n.t(
          'Line {0} still uses the secret for something else. Give it a value of its own before the secret is retired.',
          line,
        ),
      );
  }
}
