/** All benchmarks by name, in the order in which they run; their code is loaded when one is asked for. */

/** @typedef {import('./bench-context.ts').BenchContext} BenchContext */
/** @typedef {import('./report-format.ts').BenchResult} BenchResult */

/**
 * @typedef {object} Benchmark
 * @property {string} about one line for the help
 * @property {boolean} needsProduct whether the built page or command line is run
 * @property {boolean} [anyBrowser] whether it runs in Firefox and WebKit too, where Playwright has them
 * @property {Readonly<Record<BenchContext['mode'], number>>} rounds of everything that is compared, in turn
 * @property {() => Promise<(context: BenchContext) => Promise<BenchResult>>} load
 */

/** @type {Readonly<Record<string, Benchmark>>} */
export const benchmarks = {
  kernels: {
    about: "convolutions of the native backend against the machine's own peak",
    needsProduct: false,
    anyBrowser: true,
    rounds: { full: 7, quick: 3, smoke: 1 },
    load: async () => (await import('./kernels.mjs')).kernels,
  },
  backends: {
    about: 'native against tfjs, onnxruntime-web, onnxruntime-node and stock ffmpeg, one thread each',
    needsProduct: false,
    anyBrowser: true,
    rounds: { full: 7, quick: 2, smoke: 1 },
    load: async () => (await import('./backends.mjs')).backends,
  },
  sizes: {
    about: 'time of a frame against its pixels, time of a job against its length',
    needsProduct: true,
    rounds: { full: 5, quick: 1, smoke: 1 },
    load: async () => (await import('./sizes.mjs')).sizes,
  },
  engine: {
    about: 'sync, async, batches and requests side by side',
    needsProduct: true,
    rounds: { full: 3, quick: 1, smoke: 1 },
    load: async () => (await import('./engine.mjs')).engine,
  },
  scaling: {
    about: 'several inference workers against one',
    needsProduct: true,
    rounds: { full: 5, quick: 1, smoke: 1 },
    load: async () => (await import('./scaling.mjs')).scaling,
  },
  overhead: {
    about: 'what the pipeline adds to its slowest stage',
    needsProduct: true,
    rounds: { full: 3, quick: 1, smoke: 1 },
    load: async () => (await import('./overhead.mjs')).overhead,
  },
  'end-to-end': {
    about: 'whole files, beside stock ffmpeg.wasm, UpscalerJS and native ffmpeg',
    needsProduct: true,
    rounds: { full: 5, quick: 1, smoke: 1 },
    load: async () => (await import('./end-to-end.mjs')).endToEnd,
  },
  page: {
    about: 'long tasks, dropped animation frames and key latency while a job runs',
    needsProduct: true,
    rounds: { full: 5, quick: 1, smoke: 1 },
    load: async () => (await import('./page.mjs')).page,
  },
  live: {
    about: 'frames a second, latency and dropped frames of live video from a camera',
    needsProduct: true,
    rounds: { full: 3, quick: 1, smoke: 1 },
    load: async () => (await import('./live.mjs')).live,
  },
  memory: {
    about: 'peak memory against the length of a clip and the size of its frames',
    needsProduct: true,
    rounds: { full: 3, quick: 1, smoke: 1 },
    load: async () => (await import('./memory.mjs')).memory,
  },
  start: {
    about: 'bytes over the wire and time to the first frame, cold and warm',
    needsProduct: true,
    rounds: { full: 5, quick: 1, smoke: 1 },
    load: async () => (await import('./start.mjs')).start,
  },
};
