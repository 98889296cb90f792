/** The little of semantic versioning this room needs; the whole library would cost a tenth of the rewriter's budget. */

/** Numbers of a version, and whether it is a pre-release. */
interface Version {
  readonly numbers: readonly [number, number, number];
  readonly prerelease: boolean;
}

function parse(text: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/.exec(text.trim());
  if (match === null) return undefined;
  return { numbers: [Number(match[1]), Number(match[2]), Number(match[3])], prerelease: match[4] !== undefined };
}

/** True for an exact version such as `2.16.3` or `3.0.0-beta.1`. */
export function isVersion(text: string): boolean {
  return parse(text) !== undefined;
}

/**
 * Compares exact versions; a pre-release comes before its release, pre-releases of one version count as equal.
 * @returns below 0, 0, above 0; undefined when one of them is no exact version
 */
export function compareVersions(a: string, b: string): number | undefined {
  const left = parse(a);
  const right = parse(b);
  if (left === undefined || right === undefined) return undefined;
  for (const i of [0, 1, 2] as const) {
    const difference = left.numbers[i] - right.numbers[i];
    if (difference !== 0) return difference;
  }
  return Number(right.prerelease) - Number(left.prerelease);
}

/** True when `version` is an exact version not below `floor`. */
export function atLeast(version: string, floor: string): boolean {
  return (compareVersions(version, floor) ?? -1) >= 0;
}

/**
 * The lowest version that a range of package.json allows, e.g. `^2.6.0` → `2.6.0`, `>=1.2 <3 || ^3.1` → `1.2.0`.
 * Undefined where the range has no floor (`*`, `latest`, `<3`) or is no range (`workspace:*`, `catalog:`, a URL, a folder).
 */
export function rangeFloor(range: string): string | undefined {
  let lowest: string | undefined;
  for (const part of range.replace(/^npm:(?:@?[^@]+@)?/, '').split('||')) {
    const floor = comparatorFloor(part.trim());
    if (floor === undefined) return undefined;
    if (lowest === undefined || (compareVersions(floor, lowest) ?? 0) < 0) lowest = floor;
  }
  return lowest;
}

function comparatorFloor(part: string): string | undefined {
  const comparator = /^(\^|~>?|>=|>|=)?\s*v?(\d+)(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(-[0-9A-Za-z.-]+)?(?=$|\s)/.exec(
    part,
  );
  if (comparator === null) return undefined;
  const number = (text: string | undefined) => (text === undefined || !/^\d+$/.test(text) ? '0' : text);
  return `${number(comparator[2])}.${number(comparator[3])}.${number(comparator[4])}${comparator[5] ?? ''}`;
}
