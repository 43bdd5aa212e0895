import { expect, test } from 'vitest';
import { silentLogger } from '../../base/log.ts';
import { filtersOf, type FilterNode } from '../../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../../filtergraph/parse-filtergraph.ts';
import type { Frame } from '../../frame/frame.ts';
import { BufferPool } from '../frames/buffer-pool.ts';
import { source } from '../frames/frame-source.test-support.ts';
import type { FilterStart, FilterSurroundings, JobFilter } from './job-filter.ts';
import { isLocalFilter, parseLocalFilter } from './local-filters.ts';

const boxes = 'drawbox=color=white:t=fill:box_source=side_data_detection_bboxes';
const node = (text: string): FilterNode => filtersOf(parseFiltergraph(text))[0]!;
const box = { x: 0, y: 0, w: 1, h: 1, detectLabel: 'a', detectConfidence: { num: 1, den: 1 } };
const detections = { source: 'm', bboxes: [{ ...box, classifications: [] }] };

function loadDrawing(): Promise<JobFilter> {
  const readFile = () => Promise.reject(new Error('nothing to read'));
  const loading = { cwd: '/', cores: 2, readFile, log: silentLogger };
  return parseLocalFilter(boxes, node(boxes), silentLogger).load(loading);
}

test.each([
  ['dnn_processing=model=m.pb', true],
  ['dnn_detect', true],
  [boxes, true],
  ['drawbox=x=1', false],
  ['hflip', false],
])('%s runs on this side: %s', (text, isLocal) => {
  expect(isLocalFilter(node(text))).toBe(isLocal);
});

test('options of a filter with a network are read by its own kind', () => {
  const text = 'dnn_processing=model=m.pb';
  expect(() => parseLocalFilter(text, node(text), silentLogger)).toThrow('input');
});

test('a drawing filter changes neither format nor size, and detects nothing', async () => {
  const filter = await loadDrawing();
  const link = { format: 'yuv420p', width: 6, height: 4 } as const;
  expect(filter).toMatchObject({ text: boxes, detects: false });
  expect(filter.linkBehind(link)).toEqual(link);
  expect(filter.takes('yuv420p')).toBe(true);
});

test('its stage draws into each frame and hands it on; it has no workers and no statistics', async () => {
  const engine = (await loadDrawing()).start({ localIndex: 0, log: silentLogger } as FilterStart);
  await engine.ready;
  expect(engine.sharesMemory).toBe(false);
  const stage = await engine.configure({ format: 'gray', width: 2, height: 1 }, 1);
  const buffers = new BufferPool(4);
  const input = source(2, buffers);
  async function* found(): AsyncGenerator<Frame, void, undefined> {
    for await (const frame of input.frames) yield { ...frame, detections };
  }
  const output = stage.start({ ...input, frames: found() }, { localIndex: 0, buffers } as FilterSurroundings);
  const pixels: number[][] = [];
  for await (const { data } of output.frames) pixels.push([...data[0]!]);
  expect(pixels.map(([, second]) => second)).toEqual([0, 1]);
  expect(pixels.every(([first]) => first! > 200)).toBe(true);
  output.stop();
  expect(input.state.stopped).toBe(true);
  expect(stage).toMatchObject({ detects: false, framesIn: 0, memoryBytes: 0, strayTensors: 0 });
  expect(stage.stats()).toEqual([]);
});
