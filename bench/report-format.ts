/** What the benchmarks give: one JSON document, from which the report page and comparisons are made. */

/** Measured values of one thing, with their summary. */
export interface Series {
  /** Stable over runs and versions: what `--compare` pairs by, such as `backends/espcn/360x240/native`. */
  readonly id: string;
  /** What a reader sees in the table's row. */
  readonly label: string;
  /** Rows of one group stand in one table or plot. */
  readonly group: string;
  /** `ms`, `MiB`, `frames/s`, `multiply-adds/s`, … */
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  /** What was varied: network, backend, width, height, workers, … */
  readonly params: Readonly<Record<string, string | number>>;
  /** What is asked of the median: at most this, or at least where higher is better. */
  readonly required?: number;
  readonly goal?: number;
  /** First run, apart from the steady state: loading and compiling are in it. */
  readonly first?: number;
  /** One value a round, in the order measured; empty where `absent` says why. */
  readonly values: readonly number[];
  readonly summary?: Summary;
  /** Why there are no values: `Firefox is not installed`. */
  readonly absent?: string;
}

/** Of the values of one series or ratio; see `summarize`. */
export interface Summary {
  readonly n: number;
  readonly median: number;
  /** 10th and 90th percentile, by linear interpolation between values. */
  readonly p10: number;
  readonly p90: number;
}

/** Two series measured in turn, divided round by round, so that a drift of the machine falls on both. */
export interface Ratio {
  readonly id: string;
  readonly label: string;
  readonly group: string;
  /** Whose advantage it is: above 1 means that `ours` is better. */
  readonly ours: string;
  readonly theirs: string;
  /** `own`: both are this project's, or the machine's; only against a `peer` is a value below 1 a loss. */
  readonly against: 'peer' | 'own';
  readonly values: readonly number[];
  readonly summary: Summary;
  /** At least this is asked of it. */
  readonly required?: number;
  readonly goal?: number;
}

/** A straight line through cost against size: y = slope * x + offset. */
export interface Fit {
  readonly id: string;
  readonly label: string;
  readonly x: { readonly label: string; readonly unit: string };
  readonly y: { readonly label: string; readonly unit: string };
  readonly points: readonly { readonly x: number; readonly y: number; readonly label?: string }[];
  readonly slope: number;
  readonly offset: number;
  /** Coefficient of determination. */
  readonly r2: number;
}

/** Who worked when in one job. */
export interface StageTimeline {
  readonly id: string;
  readonly label: string;
  readonly lanes: readonly {
    readonly kind: 'ffmpeg' | 'dnn' | 'decode' | 'encode';
    readonly label: string;
  }[];
  /** Milliseconds since the command was given. */
  readonly spans: readonly { readonly lane: number; readonly start: number; readonly end: number }[];
}

/** A kernel in a roofline: how much it computes for each byte it moves, and how fast. */
export interface RooflinePoint {
  readonly label: string;
  readonly build: string;
  /** Multiply-adds for each byte of input, weights and output. */
  readonly intensity: number;
  /** Multiply-adds a second. */
  readonly rate: number;
  /** The machine's own, measured around this kernel. */
  readonly peakRate: number;
}

/** One benchmark in one browser. */
export interface BenchResult {
  readonly name: string;
  readonly title: string;
  /** `chromium`, `firefox`, `webkit`, or `node`. */
  readonly browser: string;
  readonly seconds: number;
  /** How peers were set, what was left out and why. */
  readonly notes: readonly string[];
  readonly series: readonly Series[];
  readonly ratios: readonly Ratio[];
  readonly fits: readonly Fit[];
  readonly timelines: readonly StageTimeline[];
  readonly roofline: readonly RooflinePoint[];
  /** Bytes a second that the machine's memory gives, where the roofline was measured. */
  readonly memoryRate?: number;
}

export interface BrowserRecord {
  readonly name: 'chromium' | 'firefox' | 'webkit';
  readonly version?: string;
  /** Why it was not measured. */
  readonly absent?: string;
  readonly simd?: boolean;
  readonly relaxedSimd?: boolean;
  readonly threads?: boolean;
  /** Name of the adapter; absent where there is none. */
  readonly webgpu?: string;
  readonly webgl?: string;
}

export interface BenchReport {
  readonly schema: 1;
  /** ISO 8601. */
  readonly made: string;
  readonly quick: boolean;
  readonly command: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly os: string;
    readonly node: string;
    /** One-minute load average before the first benchmark. */
    readonly load: number;
  };
  /** Of this project and each peer, by package name; native ffmpeg as `ffmpeg`. */
  readonly versions: Readonly<Record<string, string>>;
  readonly browsers: readonly BrowserRecord[];
  readonly results: readonly BenchResult[];
}
