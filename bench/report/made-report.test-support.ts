/** A report with something of everything, from generated values: what they say about speed means nothing. */
import { summarize } from '../summarize.mjs';
import type {
  BenchReport,
  BenchResult,
  Fit,
  Ratio,
  RooflinePoint,
  Series,
  StageTimeline,
} from '../report-format.ts';

/** Deterministic values in 0..1. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const networks = ['ESPCN 2x', 'SRCNN', 'CAN (derain)', 'Anime4K 2x S', 'esrgan-slim 2x'];
const sizes = [
  [64, 48],
  [360, 240],
  [1920, 1080],
] as const;
const backends = ['native', 'native-simd', 'tfjs-wasm', 'tfjs-webgl', 'onnxruntime-web', 'onnxruntime-node'];

function backendRows(): Pick<BenchResult, 'series' | 'ratios'> {
  const random = randomFrom(1);
  const series: Series[] = [];
  const ratios: Ratio[] = [];
  for (const [at, network] of networks.entries()) {
    for (const [width, height] of sizes) {
      const group = `${network}, ${width}x${height}`;
      const place = `backends/${at}/${width}x${height}`;
      const made = backends.map((backend, index): Series => {
        const row = {
          id: `${place}/${backend}`,
          label: backend,
          group,
          unit: 'ms',
          better: 'lower' as const,
        };
        const params = { network, backend, width, height };
        if (backend === 'tfjs-webgl')
          return { ...row, params, values: [], absent: 'there is no GPU adapter on this machine' };
        const cost =
          width * height * 2e-4 * (at + 1) * (backend === 'onnxruntime-node' ? 0.6 : 1 + index * index);
        const values = Array.from({ length: 7 }, () => cost * (0.95 + 0.2 * random() ** 4));
        return { ...row, params, values, first: cost * 3, summary: summarize(values) };
      });
      series.push(...made);
      for (const theirs of made.slice(1)) {
        if (theirs.summary === undefined) continue;
        const values = theirs.values.map((value, round) => value / made[0]!.values[round]!);
        ratios.push({
          id: `${theirs.id}-ratio`,
          label: `native against ${theirs.label}`,
          group,
          ours: made[0]!.id,
          theirs: theirs.id,
          against: theirs.label.startsWith('native') ? 'own' : 'peer',
          values,
          summary: summarize(values),
          ...(at < 2 ? { required: 4.4, goal: 12 } : {}),
        });
      }
    }
  }
  return { series, ratios };
}

function pixelsFit(): Fit {
  const random = randomFrom(2);
  const points = [
    [64, 48],
    [180, 120],
    [360, 240],
    [720, 480],
    [1280, 720],
    [1920, 1080],
  ].map(([width, height]) => {
    const x = width! * height!;
    return { x, y: (0.00041 * x + 1.2) * (0.97 + 0.06 * random()), label: `${width}x${height}` };
  });
  return {
    id: 'backends/espcn/fit',
    label: 'ESPCN 2x, native: time of a frame against its size',
    x: { label: 'pixels', unit: '' },
    y: { label: 'time of a frame', unit: 'ms' },
    points,
    slope: 0.00041,
    offset: 1.2,
    r2: 0.99987,
  };
}

function timeline(): StageTimeline {
  const random = randomFrom(3);
  const lanes = [
    { kind: 'ffmpeg', label: 'decode' },
    { kind: 'dnn', label: 'dnn_processing 0, worker 0' },
    { kind: 'dnn', label: 'dnn_processing 0, worker 1' },
    { kind: 'ffmpeg', label: 'encode' },
  ] as const;
  const spans = lanes.flatMap((_, lane) => {
    let time = 300 + lane * 250;
    return Array.from({ length: lane === 3 ? 40 : 2500 }, () => {
      const start = time + random() * (lane === 0 ? 4 : 0.4);
      const end = start + (lane === 3 ? 90 * random() : 3 + random());
      time = lane === 3 ? end + 120 : end;
      return { lane, start, end };
    });
  });
  return { id: 'end-to-end/timeline', label: 'ESPCN 2x, 360x240: stages', lanes, spans };
}

function roofline(): RooflinePoint[] {
  const random = randomFrom(4);
  const layers = [
    '5x5 1 to 64',
    '3x3 64 to 32',
    '3x3 32 to 4',
    '9x9 1 to 64',
    '1x1 64 to 32',
    'depthwise 3x3',
  ];
  return layers.flatMap((layer, index) =>
    (['relaxed', 'simd'] as const).flatMap((build) =>
      ['direct', 'winograd'].map((choice) => {
        const peakRate = build === 'relaxed' ? 2.4e10 : 1.3e10;
        const intensity = 0.5 * 3 ** index * (0.9 + 0.2 * random());
        const rate = Math.min(peakRate, intensity * 9e9) * (0.55 + 0.4 * random());
        return { label: `${layer}, ${choice}`, build, intensity, rate, peakRate };
      }),
    ),
  );
}

function scalingRows(): Series[] {
  return [1, 2, 3, 4].map((workers) => {
    const values = [0.98, 1, 1.03].map((drift) => (drift * 24 * workers) / (1 + 0.1 * (workers - 1)));
    return {
      id: `scaling/${workers}`,
      label: `${workers} workers`,
      group: 'Inference workers',
      unit: 'frames/s',
      better: 'higher',
      params: { workers },
      values,
      summary: summarize(values),
    };
  });
}

/**
 * Rows of which something is asked themselves: one misses it, one reaches what is
 * required but not the goal, one all.
 */
function gapRows(): Series[] {
  return [81, 40, 12].map((gap) => ({
    id: `page/${gap}`,
    label: `a job with a gap of ${gap}`,
    group: 'Longest gap',
    unit: 'ms',
    better: 'lower',
    required: 50,
    goal: 16,
    params: {},
    values: [gap],
    summary: summarize([gap]),
  }));
}

const empty = { notes: [], series: [], ratios: [], fits: [], timelines: [], roofline: [] };

/** Without native ffmpeg's name for anything: the words are free, their forms are those of the benchmarks. */
export function madeReport(): BenchReport {
  return {
    schema: 1,
    made: '2026-11-25T08:00:00.000Z',
    quick: true,
    command: 'npm run bench -- --quick',
    machine: { cpu: 'A processor', cores: 2, memoryGiB: 7.8, os: 'linux 6.1', node: '20.20.2', load: 1.7 },
    versions: {
      'ffmpeg-dnn-wasm': '0.1.0',
      '@tensorflow/tfjs-backend-wasm': '4.22.0',
      'onnxruntime-web': '1.30.0',
      upscaler: '1.0.0',
      ffmpeg: '5.1.9',
    },
    browsers: [
      { name: 'chromium', version: '142.0', simd: true, relaxedSimd: true, threads: true },
      { name: 'firefox', absent: 'Firefox is not installed' },
    ],
    results: [
      {
        ...empty,
        name: 'backends',
        title: 'Backends side by side',
        browser: 'chromium',
        seconds: 81,
        notes: ['onnxruntime-web: wasm, SIMD, one thread, graph optimization level all.'],
        ...backendRows(),
        fits: [pixelsFit()],
      },
      {
        ...empty,
        name: 'end-to-end',
        title: 'Whole file jobs',
        browser: 'chromium',
        seconds: 40,
        timelines: [timeline()],
      },
      {
        ...empty,
        name: 'kernels',
        title: 'Kernels',
        browser: 'chromium',
        seconds: 12,
        roofline: roofline(),
        memoryRate: 9e9,
      },
      { ...empty, name: 'scaling', title: 'Scaling', browser: 'node', seconds: 30, series: scalingRows() },
      { ...empty, name: 'page', title: 'The page', browser: 'chromium', seconds: 60, series: gapRows() },
    ],
  };
}
