/** Starts the stage of a DNN filter that is ready to run. */
import { Timeline } from '../../filters/timeline.ts';
import type { InferencePool } from '../../workers/inference-pool.ts';
import type { DnnInstance } from '../instance/dnn-instance.ts';
import { dnnStage } from './dnn-stage.ts';
import type { DnnStageMeter } from './dnn-stage-meter.ts';
import type { FilterSurroundings } from './job-filter.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import type { InstanceExecution } from '../instance/instance-execution.ts';

/** One DNN filter of a job with its workers. */
export interface JobDnn {
  readonly instance: DnnInstance;
  readonly execution: InstanceExecution;
  readonly pool: InferencePool;
}

/** What the filter gets from its job. */
export interface JobSurroundings extends Omit<FilterSurroundings, 'localIndex' | 'timeline'> {
  readonly meter: DnnStageMeter;
}

/** Says in the log how the filter runs. @returns its output; pulling it pulls `stream`. */
export function startDnnStage(
  { instance, execution, pool }: JobDnn,
  stream: FrameStream,
  { planned, detections, buffers, meter, log, signal }: JobSurroundings,
): FrameStream {
  const { context, filter, task, text, enable } = instance;
  const { nireq, batchSize, scaleFirst, padded, stripRows, tuner } = execution;
  const { width: outWidth, height: outHeight } = execution.output;
  const { width, height, format } = stream.info;
  log(
    'info',
    `${filter.name}: ${width}x${height} -> ${outWidth}x${outHeight} ${format}, ` +
      `${context.backendType} on ${pool.device}, async=${context.async ? 1 : 0}, ${execution.text}`,
  );
  // NUT from ffmpeg says no frame rate; without one the stage behind would have to guess.
  const { frameRate, timeBase } = planned;
  const input = frameRate === undefined ? stream : { ...stream, info: { ...stream.info, frameRate } };
  const { model, async, onError } = context;
  const timeline = enable === undefined ? undefined : new Timeline(filter.name, enable);
  return dnnStage(input, {
    filter: { text, model, task, timeline, onError },
    result: { outWidth, outHeight, scaleFirst, padded, stripRows },
    schedule: { nireq, batchSize, async },
    workers: { pool, buffers, meter, tuner },
    around: { log, signal, onFrame: (frame) => detections?.add(text, input.info, timeBase, frame) },
  });
}
