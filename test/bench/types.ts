/** One line of a benchmark's result. Ratios are to something measured in the same run, so that machines compare. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  /** Of `value`, e.g. `ms`, `KB`. */
  readonly unit: string;
  /** What `ratio` compares with. */
  readonly ratioTo?: string;
  /** `value` divided by the same of `ratioTo`. */
  readonly ratio?: number;
  /** Largest allowed ratio where there is one, else largest allowed value (design, "Budgets"). */
  readonly budget?: number;
}

/** What every module of this folder that measures something exports as `bench`. */
export type Bench = () => Promise<BenchResult[]>;
