import { expect, test } from 'vitest';
import type { AnalyticsContext, FilterContext } from '../../filters/filter-context.ts';
import { floats, graph, node, placeholder } from '../../graph/graph-builder.test-support.ts';
import { onnxFormat } from '../../model/onnx/onnx-format.ts';
import type { FilterGraph } from './load-graph.ts';
import { runnerTask, type RunnerWork } from './runner-task.ts';

const common = {
  backendType: 'native',
  model: 'm.pb',
  nireq: 0,
  async: true,
  batchSize: 0,
  onError: 'fail',
} as const;
const named = { ...common, input: 'x', outputs: ['y'] };
const classify: AnalyticsContext = {
  ...named,
  analytics: { kind: 'classify', confidence: 0.5, labels: [], target: 'face' },
};
const detect: AnalyticsContext = {
  ...common,
  analytics: {
    kind: 'detect',
    modelType: 'ssd',
    confidence: 0.5,
    labels: [],
    cellW: 0,
    cellH: 0,
    nbClasses: 0,
    anchors: [],
    nms: 'none',
    nmsThreshold: 0.5,
  },
  wish: {},
};
const input = { dims: [1, 48, 64, 3], dtype: 'float32' } as const;
const asked: string[] = [];
const lines: string[] = [];

function loaded<Context extends FilterContext>(
  context: Context,
  more: Partial<FilterGraph<Context>> = {},
): FilterGraph<Context> {
  return {
    graph: graph(placeholder('x', [1, 48, 64, 3])),
    input: 'x',
    outputs: ['y'],
    context,
    conventions: { ...onnxFormat.conventions, pixelOrder: 'bgr' },
    ...more,
  };
}

function work(
  graphOf: FilterGraph<FilterContext>,
  dims: (typeof input)['dims'] | readonly [1, number, number, 1] = input.dims,
): Promise<RunnerWork> {
  lines.length = 0;
  return runnerTask(
    graphOf,
    { ...input, dims },
    '/net',
    (path) => {
      asked.push(path);
      return path === '/net/names.txt'
        ? Promise.resolve(new TextEncoder().encode('cat\ndog\n'))
        : Promise.reject(new Error('no such file'));
    },
    (level, message) => lines.push(`${level}: ${message}`),
  );
}

test('a filter without options of analysis makes pictures', async () => {
  expect(await work(loaded(named))).toEqual({ task: { kind: 'process', setup: undefined }, outputs: ['y'] });
});

test('one with them looks at pixels of the order, size and channels of the model', async () => {
  expect(await work(loaded(classify))).toEqual({
    outputs: ['y'],
    task: {
      kind: 'analyse',
      setup: {
        input: { width: 64, height: 48, channels: 3, order: 'bgr', mean: 0, scale: 1 },
        options: classify.analytics,
      },
    },
  });
  const scaled = { ...classify, mean: 127.5, scale: 2 };
  expect(await work(loaded(scaled), [1, 8, 9, 1])).toMatchObject({
    task: { setup: { input: { width: 9, height: 8, channels: 1, order: 'bgr', mean: 127.5, scale: 2 } } },
  });
  expect(asked).toEqual([]);
});

test('labels are read from their file, as the user names it; else they are those of the model', async () => {
  const filed = { ...classify, labels: 'names.txt' };
  const own = { labels: ['own', `${'é'.repeat(31)}xyz`] };
  expect(await work(loaded(filed, own))).toMatchObject({
    task: { setup: { options: { kind: 'classify', target: 'face', labels: ['cat', 'dog'] } } },
  });
  // 63 bytes are the room of a label.
  const cut = ['own', `${'é'.repeat(31)}x`];
  for (const context of [classify, detect]) {
    expect(await work(loaded(context, own))).toMatchObject({ task: { setup: { options: { labels: cut } } } });
  }
  await expect(work(loaded({ ...classify, labels: 'gone.txt' }))).rejects.toMatchObject({
    code: 'EINVAL',
    message: "option labels: cannot read 'gone.txt': no such file; check the path",
    details: { option: 'labels', file: 'gone.txt' },
  });
});

test('a classifying filter reads one output, and says which there are', async () => {
  const open: AnalyticsContext = { ...common, analytics: classify.analytics };
  expect((await work(loaded(open, { outputs: ['only'] }))).outputs).toEqual(['only']);
  await expect(work(loaded(open, { outputs: ['a', 'b'] }))).rejects.toThrow(
    'does not have one output only (a, b): write output=NAME',
  );
});

test('a detector that is recognised says what it takes, where the options do not', async () => {
  // 8x6 + 4x3 + 2x2 cells of 64x48.
  const yolo = graph(
    placeholder('x', [1, 48, 64, 3]),
    floats('shape', [1]),
    node('y', 'Placeholder', [], { shape: { shape: [1, 6, 64] }, dtype: { type: 'float32' } }),
  );
  const model = { graph: yolo, labels: ['cat', 'dog'] };
  expect(await work(loaded(detect, model))).toMatchObject({
    outputs: ['y'],
    task: {
      setup: {
        input: { order: 'rgb', mean: 0, scale: 255, letterbox: { value: 114, place: 'centre' } },
        options: { modelType: 'yolov8', confidence: 0.25, nms: 'sequential', nbClasses: 2 },
      },
    },
  });
  expect(lines).toEqual([
    'info: m.pb: read as model_type=yolov8 by its outputs y [1, 6, 64]: rgb pixels divided by 255, ' +
      'letterbox=1:confidence=0.25:nms=sequential:nms_threshold=0.7, classes with names: 2',
  ]);
  const told = {
    ...detect,
    scale: 2,
    mean: 0,
    wish: { letterbox: false, confidence: 0.9, nms: 'none' },
  } as const;
  const own = await work(loaded(told, model));
  expect(own).toMatchObject({
    task: { setup: { input: { scale: 2 }, options: { confidence: 0.9, nms: 'none' } } },
  });
  expect(own.task.setup).not.toHaveProperty('input.letterbox');
  // A mean of 0 that is written is one, too.
  const face = { ...detect, wish: { modelType: 'ultraface' } } as const;
  expect(await work(loaded(face))).toMatchObject({ task: { setup: { input: { mean: 127 } } } });
  expect(await work(loaded({ ...face, mean: 0 }))).toMatchObject({
    task: { setup: { input: { mean: 0, scale: 128 } } },
  });
});
