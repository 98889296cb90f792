/**
 * `npm run bench`: runs every benchmark and prints one table. Missed budgets are printed, not punished: a busy machine
 * must not fail a build. Exits with 1 when nothing was measured or a benchmark broke.
 * Names as arguments (`npm run bench -- certificates`) run only those.
 */
import type { Bench, BenchResult } from './types.ts';

/** Modules of this folder. */
const modules = [
  'certificates',
  'appConfig',
  'setup',
  'mainJob',
  'azure',
  'vaultTree',
  'assertions',
  'checks',
  'largeWorkspace',
  'package',
];

function verdict({ value, ratio, budget }: BenchResult): string {
  if (budget === undefined) return '';
  const measured = ratio ?? value;
  return measured <= budget ? `within ${budget}` : `MISSED: over ${budget}`;
}

function row(result: BenchResult): string[] {
  const ratio = result.ratio === undefined ? '' : `${result.ratio.toFixed(2)} × ${result.ratioTo ?? ''}`;
  return [result.name, `${result.value.toFixed(result.value < 100 ? 1 : 0)} ${result.unit}`, ratio, verdict(result)];
}

function print(rows: readonly string[][]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  for (const cells of rows) {
    console.log(
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

async function main(): Promise<number> {
  const wanted = process.argv.slice(2);
  const results: BenchResult[] = [];
  let broken = 0;
  for (const name of modules.filter((each) => wanted.length === 0 || wanted.includes(each))) {
    const file = new URL(`./${name}.ts`, import.meta.url);
    try {
      const { bench } = (await import(file.href)) as { bench: Bench };
      results.push(...(await bench()));
    } catch (error) {
      broken++;
      console.error(`The benchmark ${name} broke:`, error);
    }
  }
  if (results.length > 0) print([['what', 'measured', 'ratio', 'budget'], ...results.map(row)]);
  const missed = results.filter((result) => verdict(result).startsWith('MISSED')).length;
  console.log(`${results.length} measured, ${missed} over budget${broken > 0 ? `, ${broken} broken` : ''}`);
  return results.length === 0 || broken > 0 ? 1 : 0;
}

void main().then((code) => (process.exitCode = code));
