/**
 * The tables of docs/support.md say what the filters, the readers of models and the checks of the browser do.
 */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DnnError } from '../src/base/errors.ts';
import { silentLogger } from '../src/base/log.ts';
import { intMax, intMin, type OptionDefinition, type OptionTable } from '../src/base/option-table.ts';
import { knownDifferences } from '../src/backends/op-suite/known-differences.test-support.ts';
import { availableBackends } from '../src/dnn/contract/backends.ts';
import { dnnBackendConstants } from '../src/dnn/options/backend-values.ts';
import { backendConfigOptions } from '../src/dnn/options/dnn-options.ts';
import { filtersOf } from '../src/filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../src/filtergraph/parse-filtergraph.ts';
import { drawbox } from '../src/filters/draw/drawbox.ts';
import { drawtext } from '../src/filters/draw/drawtext.ts';
import { builtInFilter, dnnFilterNames } from '../src/filters/filters.ts';
import { framePixelFormats, modelChannels } from '../src/frame/pixel-format.ts';
import { convolution, graph, placeholder } from '../src/graph/graph-builder.test-support.ts';
import { writeGraphDef } from '../src/model/graphdef/graphdef-writer.test-support.ts';
import { writeNativeModel } from '../src/model/native/write-native-model.ts';
import { operatorNames } from '../src/model/onnx/rules/rules.ts';
import { onnxNode, onnxValue, writeOnnx } from '../src/model/onnx/onnx-writer.test-support.ts';
import { layer, parameter, result, writeIr } from '../src/model/openvino/openvino-writer.test-support.ts';
import { isIsolated } from '../src/pipeline/command/isolation.ts';
import { LiveVideo } from '../src/page/live-video.ts';
import { loadFilterGraph } from '../src/pipeline/instance/load-graph.ts';

type Table = readonly (readonly string[])[];

const page = readFileSync(new URL('../docs/support.md', import.meta.url), 'utf8');

/** The first table below a heading, its own heading row included; code marks are left out. */
function tableOf(heading: string): Table {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const [table = ''] = /(^\|.*\n)+/m.exec(section) ?? [];
  const rows = table.trim().split('\n');
  const cells = (row: string): string[] =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '').replaceAll('\\|', '|'));
  return rows.filter((_, index) => index !== 1).map(cells);
}

/** In the order of the page. */
const filters = ['dnn_processing', 'sr', 'derain', 'dnn_detect', 'dnn_classify'].map((name) =>
  builtInFilter(name)!,
);
const [x, y] = [placeholder('x', [-1, -1, -1, 1]), convolution('y', 'x', [1, 1, 1, 1])];
const conv = graph(x, ...y);
const ir = writeIr([parameter('x', [1, 1, 4, 4]), layer('y', 'ReLU', ['x'], [1, 1, 4, 4]), result('y')]);
const onnx = writeOnnx({
  graph: {
    inputs: [onnxValue('x', [1, 1, 4, 4])],
    outputs: [onnxValue('y', [1, 1, 4, 4])],
    nodes: [onnxNode('Relu', ['x'], 'y')],
  },
});
const utf8 = new TextEncoder();
const json = (value: object): Uint8Array => utf8.encode(JSON.stringify(value));
const attrOfType = { type: 'DT_FLOAT' };
const sequential = [
  { class_name: 'InputLayer', config: { name: 'x', batch_input_shape: [null, 4, 4, 1] } },
  { class_name: 'ReLU', config: { name: 'y' } },
];

/** A tiny model of each format, in the order of the columns: the path and all files. */
const models: readonly (readonly [string, Readonly<Record<string, Uint8Array>>])[] = [
  ['m.model', { 'm.model': writeNativeModel(conv) }],
  ['m.pb', { 'm.pb': writeGraphDef(conv) }],
  [
    'graph.json',
    {
      'graph.json': json({
        format: 'graph-model',
        modelTopology: {
          node: [
            { name: 'x', op: 'Placeholder', attr: { dtype: attrOfType } },
            { name: 'y', op: 'Relu', input: ['x'], attr: { T: attrOfType } },
          ],
        },
        weightsManifest: [],
      }),
    },
  ],
  [
    'layers.json',
    {
      'layers.json': json({
        format: 'layers-model',
        modelTopology: { class_name: 'Sequential', config: sequential },
        weightsManifest: [],
      }),
    },
  ],
  ['m.xml', { 'm.xml': utf8.encode(ir.xml), 'm.bin': ir.bin }],
  ['m.onnx', { 'm.onnx': onnx }],
];

/**
 * Which backend runs the model; `refused` where the filter, or the loading of the
 * model, says that it cannot be.
 */
async function backendOf(filter: string, backend: string, index: number): Promise<string> {
  const [path, files] = models[index]!;
  const given = backend === 'left out' ? '' : `dnn_backend=${backend}:`;
  const nodeOf = (text: string) => filtersOf(parseFiltergraph(text))[0]!;
  const readFile = (wanted: string): Promise<Uint8Array> => {
    const bytes = files[wanted];
    return bytes === undefined ? Promise.reject(new Error(`no ${wanted}`)) : Promise.resolve(bytes);
  };
  const record = builtInFilter(filter)!;
  try {
    const context = record.parse(nodeOf(`${filter}=${given}model=${path}:input=x:output=y`), {
      availableBackends,
      log: silentLogger,
    });
    const loaded = await loadFilterGraph(context, record.functionType, path, readFile, silentLogger);
    return loaded.context.backendType;
  } catch (error) {
    if (error instanceof DnnError && /dnn_backend|Backend/.test(error.message)) return 'refused';
    throw error;
  }
}

it('lists the operators of ONNX', () => {
  const [, section = ''] = /^## Operators of ONNX\n(.*?)^## /ms.exec(page) ?? [];
  const lists = [...section.matchAll(/: (`[^.]*)\./g)].map(([, list = '']) =>
    [...list.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  expect(lists).toEqual([operatorNames[''], operatorNames['com.microsoft']]);
});

describe('backends and model files', () => {
  const [, ...rows] = tableOf('Backends and model files');

  it('names every filter with every backend', () => {
    const pairs = rows.flatMap(([names = '', backend = '']) =>
      names.split(', ').map((name) => `${name} ${backend}`),
    );
    const words = ['left out', ...dnnBackendConstants.map(({ name }) => name)];
    const all = dnnFilterNames.flatMap((filter) => words.map((word) => `${filter} ${word}`));
    expect(pairs.toSorted()).toEqual(all.toSorted());
  });

  it.each(rows.map(([names = '', backend = '', ...cells]) => ({ names, backend, cells })))(
    '$names with dnn_backend $backend',
    async ({ names, backend, cells }) => {
      expect(cells).toHaveLength(models.length);
      for (const filter of names.split(', ')) {
        const seen = await Promise.all(cells.map((_, index) => backendOf(filter, backend, index)));
        expect([filter, ...seen]).toEqual([filter, ...cells]);
      }
    },
  );
});

it('says where a backend differs from TensorFlow', () => {
  const [, ...rows] = tableOf('Where a backend differs from TensorFlow');
  const expected = Object.entries(knownDifferences).flatMap(([backend, list]) =>
    list.map(({ op, instead }) => [op, backend, instead.replaceAll('`', '')]),
  );
  const sorted = (table: Table): string[] => table.map((row) => row.join(' | ')).toSorted();
  expect(sorted(rows)).toEqual(sorted(expected));
});

it('lists the files that are recognised and refused', () => {
  const source = readFileSync(new URL('../src/model/refused-formats.ts', import.meta.url), 'utf8');
  const recognised = Array.from(source.matchAll(/\bwhat:\s*'([^']+)'/g), ([, what]) => what!);
  const [, ...rows] = tableOf('Files that are refused');
  expect(rows.map(([what]) => what).toSorted()).toEqual([...new Set(recognised)].toSorted());
});

it('lists the pixel formats of every filter', () => {
  const drawing = [drawbox, drawtext];
  const columns = [...filters, ...drawing];
  const [head, ...rows] = tableOf('Pixel formats');
  expect(head).toEqual(['format', 'channels of the model', ...columns.map(({ name }) => name)]);
  const expected = framePixelFormats.map((format) => [
    format.replace(/le$/, ''),
    String(modelChannels(format)),
    ...columns.map((filter) => (filter.pixelFormats.includes(format) ? 'yes' : '–')),
  ]);
  expect(rows).toEqual(expected);
});

/** Default and range of an option as the page writes them. */
function valueOf(option: OptionDefinition): string {
  if (option.type === 'string') return option.default ?? 'text';
  if (option.type === 'bool') return option.default ? '1' : '0';
  const { constants = [], min, max } = option;
  const word = constants.find(({ value }) => value === option.default)?.name ?? String(option.default);
  const isOpen = constants.length > 0 || min === intMin;
  return isOpen ? word : `${word} (${min}..${max === intMax ? '' : max})`;
}

it('lists every option with its default and range', () => {
  const tables: readonly OptionTable[] = [...filters.map(({ options }) => options), backendConfigOptions];
  const seen = tables.flat().filter(({ hidden }) => hidden !== true);
  const names = [...new Set(seen.map(({ name }) => name))];
  const [head, ...rows] = tableOf('Options');
  expect(head).toEqual(['option', ...filters.map(({ name }) => name), 'backend_configs']);
  const expected = names.map((name) => [
    name,
    ...tables.map((table) => {
      const option = table.find((candidate) => candidate.name === name);
      return option === undefined ? '–' : valueOf(option);
    }),
  ]);
  expect(rows).toEqual(expected);
});

it('says which filters have a timeline', () => {
  const [, named = ''] = /`enable` is an option of ([^:.]+)/.exec(page) ?? [];
  const withTimeline = filters.filter(({ supportsTimeline }) => supportsTimeline === true);
  expect(Array.from(named.matchAll(/`(\w+)`/g), ([, name]) => name)).toEqual(
    withTimeline.map(({ name }) => name),
  );
});

describe('what a browser needs', () => {
  const needs = new Map(
    tableOf('What a browser needs')
      .slice(1)
      .map(([mode = '', needed = '']) => [mode, needed.split(', ')]),
  );
  const features: Readonly<Record<string, unknown>> = {
    OffscreenCanvas: () => undefined,
    VideoFrame: () => undefined,
    WebAssembly,
    requestVideoFrameCallback: undefined,
    crossOriginIsolated: true,
  };
  /** A page that has all of them but one. */
  const have = (missing?: string): void => {
    for (const [name, value] of Object.entries(features)) if (name !== missing) vi.stubGlobal(name, value);
    if (missing !== undefined) vi.stubGlobal(missing, undefined);
    const prototype = missing === 'requestVideoFrameCallback' ? {} : { requestVideoFrameCallback: 1 };
    vi.stubGlobal('HTMLVideoElement', { prototype });
  };
  const runs = (work: () => boolean): boolean => {
    try {
      return work();
    } catch {
      return false;
    }
  };
  beforeEach(() => {
    have();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it.each([
    ['whole files with a DNN filter', isIsolated, ['crossOriginIsolated']],
    ['live video', () => LiveVideo.isSupported(), Object.keys(features)],
  ] as const)('%s', (mode, isSupported, all) => {
    const named = needs.get(mode)!;
    expect(runs(isSupported)).toBe(true);
    const missed = all.filter((name) => {
      have(name);
      return !runs(isSupported);
    });
    expect(named.filter((name) => name in features).toSorted()).toEqual(missed.toSorted());
  });
});
