/** A drawing filter of live video. */
import { drawsDetections } from '../../filters/filters.ts';
import type { Frame } from '../../frame/frame.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import { parseDrawingFilter, type DrawingInstance } from '../planning/drawing-instance.ts';
import type { LocalFilterKind } from '../planning/local-filter.ts';
import type { LiveEngine, LiveFilter, LoadedLiveFilter, ParsedLiveFilter } from './live-filter.ts';

/** drawbox and drawtext of detections. */
export const liveDrawKind: LocalFilterKind<ParsedLiveFilter> = {
  recognises: drawsDetections,
  parse: (text, node, log) => {
    const loaded = loadedDrawing(parseDrawingFilter(text, node, log));
    return { text, load: () => Promise.resolve(loaded) };
  },
};

function loadedDrawing(instance: DrawingInstance): LoadedLiveFilter {
  const engine: LiveEngine = {
    filterWith: ({ buffers }) => drawingFilter(instance, buffers),
    terminate: () => undefined,
  };
  return { ...instance, hasWorkers: false, start: () => Promise.resolve(engine) };
}

function drawingFilter({ text, detects, draw }: DrawingInstance, buffers: BufferPool): LiveFilter {
  return {
    text,
    detects,
    most: 1,
    // Async, so that a failure rejects.
    // eslint-disable-next-line @typescript-eslint/require-await
    run: async (frame) => {
      drawOrGive(draw, frame, buffers);
      return frame;
    },
    terminate: () => undefined,
  };
}

function drawOrGive(draw: (frame: Frame) => void, frame: Frame, buffers: BufferPool): void {
  try {
    draw(frame);
  } catch (error) {
    buffers.give(frame.buffer);
    throw error;
  }
}
