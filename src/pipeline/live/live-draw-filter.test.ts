import { expect, test } from 'vitest';
import { silentLogger } from '../../base/log.ts';
import { filtersOf } from '../../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../../filtergraph/parse-filtergraph.ts';
import type { Frame } from '../../frame/frame.ts';
import { frameFromBuffer } from '../../frame/plane-layout.ts';
import { BufferPool } from '../frames/buffer-pool.ts';
import { liveDrawKind } from './live-draw-filter.ts';
import type { LiveFilter, LiveStart, LiveSurroundings } from './live-filter.ts';

const text = 'drawbox=color=white:t=fill:box_source=side_data_detection_bboxes';
const box = { x: 0, y: 0, w: 1, h: 1, detectLabel: 'a', detectConfidence: { num: 1, den: 1 } };
const detections = { source: 'm', bboxes: [{ ...box, classifications: [] }] };

async function filterWith(buffers: BufferPool): Promise<LiveFilter> {
  const parsed = liveDrawKind.parse(text, filtersOf(parseFiltergraph(text))[0]!, silentLogger);
  const loaded = await parsed.load({ readFile: () => Promise.reject(new Error('none')), log: silentLogger });
  expect(loaded.hasWorkers).toBe(false);
  const engine = await loaded.start({ localIndex: 0 } as LiveStart);
  return engine.filterWith({ buffers } as LiveSurroundings);
}

const frameOf = (buffers: BufferPool): Frame => ({
  ...frameFromBuffer('gray', 2, 1, 7, buffers.take(2)),
  detections,
});

test('draws into the frame and hands it on', async () => {
  const buffers = new BufferPool(1);
  const filter = await filterWith(buffers);
  const frame = frameOf(buffers);
  expect(await filter.run(frame, 0)).toBe(frame);
  expect(frame.data[0]![0]).toBeGreaterThan(200);
  expect(filter).toMatchObject({ text, detects: false, most: 1 });
  expect(buffers.outstanding).toBe(1);
});

test('gives the buffer back of a frame that it cannot draw into', async () => {
  const buffers = new BufferPool(1);
  const filter = await filterWith(buffers);
  const broken = { ...frameOf(buffers), data: [] };
  await expect(filter.run(broken, 0)).rejects.toThrow();
  expect(buffers.outstanding).toBe(0);
});
