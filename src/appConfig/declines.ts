/** Why a configuration is not rewritten: one factory per reason; what happened, why, what to do now. */
import * as l10n from '@vscode/l10n';
import { positionAt, type TextEdit } from '../base/edits.ts';
import { ExpectedError } from '../base/errors.ts';
import type { ConfigSite, ParsedSource } from './code.types.ts';
import { lostTexts } from './lostTexts.ts';
import { startOf, stringValue } from './nodes.ts';
import type { ValueInfo } from './valueSource.ts';
import { findBinding } from './scope.ts';

type Lines = readonly [number, ...number[]];

function decline(source: ParsedSource, code: string, message: string, lines: Lines): ExpectedError {
  return new ExpectedError(code, message, {
    file: source.fileName,
    line: lines[0],
    ...(lines.length > 1 ? { data: { lines } } : {}),
  });
}

const lineOf = (source: ParsedSource, offset: number): number => positionAt(source.text, offset).line;

/** Throws for everything that cannot be rewritten safely; silent otherwise. */
export function declineIfUnsafe(source: ParsedSource, site: ConfigSite, info: ValueInfo | undefined): void {
  const { fileName: file } = source;
  const { line } = site;
  const { obstacle } = site.nodes;
  if (source.language === 'json')
    throw decline(
      source,
      'config-is-json',
      l10n.t(
        '{0} line {1}: the secret stands in a JSON file. JSON cannot read a key from a file and must not hold one. Move the credential to the code that loads this file, and choose that file.',
        file,
        line,
      ),
      [line],
    );
  if (obstacle?.kind === 'misspelt')
    throw declineAt(source, 'certificate-misspelt', obstacle.node.start ?? 0, (at) =>
      l10n.t(
        '{0} line {1}: MSAL ignores this property, probably because of its spelling: the name is "clientCertificate", with a small c. Correct it and try again.',
        file,
        at,
      ),
    );
  const compiled = compiledFrom(source);
  if (compiled !== undefined) throw compiledOutput(source, line, compiled);
  if (site.credential === 'secretAndCertificate') {
    const at = lineOf(source, startOf(obstacle?.node ?? source.ast));
    const property = obstacle?.node.type === 'ObjectProperty' || obstacle?.node.type === 'AssignmentExpression';
    throw decline(
      source,
      'secret-and-certificate',
      property
        ? l10n.t(
            '{0}: a secret (line {1}) and a certificate (line {2}) are both there, and MSAL takes only one of them. Nothing was changed. Make sure that the certificate is the one with a value, then remove the secret by hand.',
            file,
            line,
            at,
          )
        : l10n.t(
            '{0}: a secret (line {1}) and a certificate are both there, and line {2} decides which is used. Nothing was changed. Set what this line asks for so that the certificate is used, then remove the secret by hand.',
            file,
            line,
            at,
          ),
      at === line ? [line] : [line, at],
    );
  }
  if (obstacle?.kind === 'spread' && site.credential === 'none')
    throw declineAt(source, 'secret-in-spread', startOf(obstacle.node), (at) =>
      l10n.t(
        '{0} line {1}: the credential comes from an object that is spread here, and its content cannot be seen. Write the credential as a property of "auth" and try again.',
        file,
        at,
      ),
    );
  if (site.credential === 'none')
    throw decline(
      source,
      'no-secret-in-config',
      l10n.t(
        '{0} line {1}: this configuration has no client secret, so there is nothing to replace. Choose the file that sets the secret.',
        file,
        line,
      ),
      [line],
    );
  if (obstacle?.kind === 'spread')
    throw declineAt(source, 'secret-in-spread', startOf(obstacle.node), (at) =>
      l10n.t(
        '{0} line {1}: the secret is spread into the configuration, so replacing it could leave two credentials or none. Write "clientSecret" as a property of "auth" and try again.',
        file,
        at,
      ),
    );
  if (obstacle?.kind === 'reassigned') {
    const at = lineOf(source, startOf(obstacle.node));
    throw decline(
      source,
      'secret-reassigned',
      l10n.t(
        '{0}: the secret is set in line {1} and again in line {2}. MSAL refuses a secret beside a certificate. Remove one of the two and try again.',
        file,
        line,
        at,
      ),
      [line, at],
    );
  }
  if (info) declineValue(source, site, info);
}

/** @param from the source's name or path, '' where it is not known */
export function compiledOutput(source: ParsedSource, line: number, from: string): ExpectedError {
  return decline(
    source,
    'compiled-output',
    from === ''
      ? l10n.t(
          '{0} is compiled output: the next build overwrites every change. Choose the source file it is made from.',
          source.fileName,
        )
      : l10n.t(
          '{0} is compiled output: the next build overwrites every change. Choose its source file {1}.',
          source.fileName,
          from,
        ),
    [line],
  );
}

/**
 * Throws where a rewrite would take text out of the code that may be the secret and that nothing keeps.
 * @param kept texts that a `.env` file holds afterwards
 */
export function declineIfLost(
  source: ParsedSource,
  site: ConfigSite,
  edits: readonly TextEdit[],
  kept: readonly string[],
): void {
  const [first] = lostTexts(source, edits, kept);
  if (first === undefined) return;
  throw declineAt(source, 'secret-is-computed', startOf(first), (at) =>
    l10n.t(
      '{0}: the secret of line {1} is made of text that stands in the code (line {2}) and of something else, so it could not be kept until it is retired. Put the whole secret into an environment variable, read it here, and try again.',
      source.fileName,
      site.line,
      at,
    ),
  );
}

function declineAt(
  source: ParsedSource,
  code: string,
  offset: number,
  message: (line: number) => string,
): ExpectedError {
  const line = lineOf(source, offset);
  return decline(source, code, message(line), [line]);
}

function declineValue(source: ParsedSource, site: ConfigSite, info: ValueInfo): void {
  const { fileName: file } = source;
  const { line } = site;
  if (info.source.kind === 'parameter') {
    const { name } = info.source;
    const value = site.nodes.secretValue;
    const binding = value && findBinding(source, value, name.split('.')[0] ?? name);
    const at = binding ? lineOf(source, startOf(binding.identifier)) : line;
    throw decline(
      source,
      'secret-is-parameter',
      l10n.t(
        '{0} line {1}: the secret is handed in as "{2}" (line {3}). Change that parameter and its type to a certificate, and its callers with it; choose the file where the value originates.',
        file,
        line,
        name,
        at,
      ),
      at === line ? [line] : [line, at],
    );
  }
  if (info.source.kind === 'environment') {
    const { variable } = info.source;
    let written: number | undefined;
    source.all.forEach((node) => {
      if (node.type !== 'AssignmentExpression') return;
      const left = source.text.slice(startOf(node.left), node.left.end ?? 0);
      if (/^(process|import\.meta)\.env\W/.test(left) && left.replace(/['"\]]/g, '').endsWith(variable))
        written ??= startOf(node);
    });
    if (written !== undefined) {
      const at = lineOf(source, written);
      throw decline(
        source,
        'secret-reassigned',
        l10n.t(
          '{0}: the secret of line {1} is written back while the app runs (line {2}), so it renews itself. Remove that code first and try again.',
          file,
          line,
          at,
        ),
        [line, at],
      );
    }
  }
  if (info.source.kind !== 'expression' || info.computed === undefined) return;
  const { expression } = info.source;
  switch (info.computed) {
    case 'keyVault':
      throw decline(
        source,
        'secret-from-key-vault',
        l10n.t(
          '{0} line {1}: the secret is fetched from Key Vault ({2}). Fetch the certificate from the same vault instead.',
          file,
          line,
          expression,
        ),
        [line],
      );
    case 'database':
      throw decline(
        source,
        'secret-from-database',
        l10n.t(
          '{0} line {1}: the secret is read from a database ({2}). Keep the certificate in the same store and change the code that reads it.',
          file,
          line,
          expression,
        ),
        [line],
      );
    case 'call':
      throw decline(
        source,
        'secret-is-computed',
        l10n.t(
          '{0} line {1}: where the secret comes from cannot be told without running the code ({2}). Read it from an environment variable here, and try again.',
          file,
          line,
          expression,
        ),
        [line],
      );
  }
}

/** Name of the source map's source or '' when the text is a compiler's or bundler's output; undefined when it is not. */
function compiledFrom(source: ParsedSource): string | undefined {
  const { ast, comments } = source;
  if (source.language === 'typescript' || ast.type !== 'File') return undefined;
  let marked = false;
  for (const statement of ast.program.body) {
    if (statement.type !== 'ExpressionStatement') continue;
    const call = statement.expression;
    if (call.type === 'CallExpression' && call.arguments[1] && stringValue(call.arguments[1]) === '__esModule')
      marked = true;
  }
  const map = comments.some(({ value }) => value.trimStart().startsWith('# sourceMappingURL='));
  if (!marked && !map) {
    source.all.forEach((node) => {
      if (
        node.type === 'Identifier' &&
        /^(__webpack_require__|__toCommonJS|_interopRequire(Default|Wildcard))$/.test(node.name)
      )
        marked = true;
    });
  }
  if (!marked && !map) return undefined;
  const name = /([^/\\]+)\.([cm]?)js$/.exec(source.fileName);
  return name ? `${name[1] ?? ''}.${name[2] ?? ''}ts` : '';
}
