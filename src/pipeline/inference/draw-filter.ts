/** A drawing filter of a job: it needs no workers, and its time is not worth a line of the statistics. */
import { drawsDetections } from '../../filters/filters.ts';
import { parseDrawingFilter, type DrawingInstance } from '../planning/drawing-instance.ts';
import type { LocalFilterKind } from '../planning/local-filter.ts';
import { drawStage } from './draw-stage.ts';
import type { FilterEngine, FilterStage, JobFilter, ParsedJobFilter } from './job-filter.ts';

/** drawbox and drawtext of detections. */
export const drawFilterKind: LocalFilterKind<ParsedJobFilter> = {
  recognises: drawsDetections,
  parse: (text, node, log) => {
    const filter = drawFilter(parseDrawingFilter(text, node, log));
    return { load: () => Promise.resolve(filter) };
  },
};

function drawFilter(instance: DrawingInstance): JobFilter {
  const stage: FilterStage = {
    detects: instance.detects,
    mostInFlight: 1,
    start: (stream) => drawStage(stream, instance.draw),
    framesIn: 0,
    firstIn: undefined,
    memoryBytes: 0,
    strayTensors: 0,
    stats: () => [],
    terminate: () => undefined,
  };
  const engine: FilterEngine = {
    ready: Promise.resolve(),
    sharesMemory: false,
    configure: () => Promise.resolve(stage),
    terminate: () => undefined,
  };
  return { ...instance, start: () => engine };
}
