/** Where findings point to, and the edits that make them go away. */
import type { TextEdit } from '../base/edits.ts';
import type { AppConfig, ResolvedValue, SourceRange, ValueSource } from '../appConfig/types.ts';
import type { EditKind, Finding, FindingFix } from './types.ts';

/** The first place that is known, else the credential's name, else the config's line alone. */
export function at(
  config: AppConfig,
  ...places: readonly (SourceRange | undefined)[]
): Pick<Finding, 'line' | 'range'> {
  const range = places.find((place) => place !== undefined) ?? config.places?.credential;
  return range === undefined ? { line: config.line } : { line: range.line, range };
}

/** The line of the `.env` file that sets the value, where one does. */
export function envPlace(source: ValueSource | undefined): Pick<Finding, 'envPlace'> {
  if (source?.kind !== 'environment' || source.envFile === undefined || source.envLine === undefined) return {};
  return { envPlace: { file: source.envFile, line: source.envLine } };
}

/** Another name for a property. Undefined where its place is not known. */
export function renamed(range: SourceRange | undefined, name: string, to: string): TextEdit | undefined {
  return range === undefined ? undefined : within(range, name, to);
}

/**
 * A thumbprint where the old one stands: in the code as a plain literal, or in the `.env` file. Undefined where it is neither.
 * @param edits to the code that go with it
 */
export function newThumbprint(
  config: AppConfig,
  to: string,
  what: Exclude<EditKind, 'name'>,
  edits: readonly TextEdit[] = [],
): FindingFix | undefined {
  const thumbprint: ResolvedValue | undefined = config.certificate?.thumbprint;
  if (thumbprint?.value === undefined) return undefined;
  const { value: from, source } = thumbprint;
  if (source.kind === 'environment' && source.envFile !== undefined && source.envLine !== undefined) {
    // Something else was pasted there, perhaps a secret: nothing of it becomes part of a finding.
    if (!isThumbprintLike(from)) return undefined;
    return { kind: 'env', what, file: source.envFile, line: source.envLine, from, to, edits };
  }
  const range = config.places?.thumbprint;
  const edit = source.kind === 'literal' && range !== undefined ? within(range, from, to) : undefined;
  return edit === undefined ? undefined : { kind: 'edit', what, edits: [...edits, edit] };
}

/** Hexadecimal digits with separators, invisible characters or the prefix of a tool, or base64 of a hash. */
function isThumbprintLike(text: string): boolean {
  const bare = text.replace(/^(?:[\w \t-]{1,30}[=:]|0x)\s*(?=[0-9a-f])/i, '');
  return /^(?:[\s:.-]|\p{Cf}|[0-9a-f])+$/iu.test(bare) || /^(?:[\w+/-]{27}=?|[\w+/-]{43}=?)$/.test(text.trim());
}

/** What a program may print or hand to somebody else: what would mend it can hold the old value and is left out. */
export function told({ code, severity, message, line, range, envPlace: place }: Finding): Omit<Finding, 'fix'> {
  return {
    code,
    severity,
    message,
    line,
    ...(range === undefined ? {} : { range }),
    ...(place === undefined ? {} : { envPlace: place }),
  };
}

/** What stands between the quotes, or all of it where there are none; undefined where the text is written in another way. */
function within({ offset, length }: SourceRange, text: string, to: string): TextEdit | undefined {
  if (length === text.length) return { offset, length, text: to };
  return length === text.length + 2 ? { offset: offset + 1, length: length - 2, text: to } : undefined;
}

/** For spreading: nothing where there is no fix. */
export function fixedBy(fix: FindingFix | undefined): Pick<Finding, 'fix'> {
  return fix === undefined ? {} : { fix };
}
