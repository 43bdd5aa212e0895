/**
 * Runs one request of detection or classification on a loaded model: frames to a tensor, the network, its
 * outputs to what they say of each frame. Mirrors fill_model_input_tf and infer_completion_callback of
 * libavfilter/dnn/dnn_backend_tf.c for DFT_ANALYTICS_DETECT and DFT_ANALYTICS_CLASSIFY.
 */
import { DnnError } from '../../base/errors.ts';
import type { Frame } from '../../frame/frame.ts';
import { fillAnalyticsInput } from './analytics-input.ts';
import type { AnalyticsInput, AnalyticsResult } from '../contract/analytics-spec.ts';
import type { DNNData, DNNModel } from '../contract/interface.ts';
import { pictureSize, type PictureOfModel } from '../contract/letterbox.ts';
import type { PlannedBytes } from '../contract/planned-bytes.ts';
import type { RunnerAnswer } from './runner-kinds.ts';
import type { Runner } from './runner.ts';

/** Width and height in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Reads what the network says of one frame (DetectPostProc, ClassifyPostProc).
 *
 * @param outputs of this frame alone, in the order of the option `output`; the runner's.
 * @param model size of the tensor that the frame was scaled to, and how it lies in it.
 */
export type AnalyticsPostProc = (
  outputs: readonly DNNData[],
  frame: PictureSize,
  model: PictureOfModel,
) => AnalyticsResult;

/** One loaded model with the tensor that feeds it. */
export class AnalyticsRunner implements Runner<'analyse'> {
  readonly kind = 'analyse';
  readonly #model: DNNModel;
  readonly #input: AnalyticsInput;
  readonly #batchFree: boolean;
  readonly #postProc: AnalyticsPostProc;
  /** Grows to the largest request so far; kept, since most requests have the same size. */
  #tensor = new Float32Array(0);
  #lastRun: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /**
   * @param model is the runner's from now on.
   * @param input the tensor; width and height -1 where the model takes any size.
   * @param batchFree whether the model takes more than one frame at a time; else
   * those of a request run one by one.
   */
  constructor(model: DNNModel, input: AnalyticsInput, batchFree: boolean, postProc: AnalyticsPostProc) {
    this.#model = model;
    this.#input = input;
    this.#batchFree = batchFree;
    this.#postProc = postProc;
  }

  /**
   * Runs the frames through the model, together where they become tensors of one size and the batch is free.
   * Calls that overlap run one after another.
   *
   * @param frames become the runner's.
   * @throws DnnError `DNN_GENERIC_ERROR` if the model fails or its outputs are not what the filter reads;
   *   `EINVAL` after `close`; `ENOMEM`.
   */
  run(frames: readonly Frame[]): Promise<RunnerAnswer<'analyse'>> {
    const run = this.#lastRun.then(() => this.#run(frames));
    this.#lastRun = run.catch(() => undefined); // its caller has the failure; the next run starts anyway
    return run;
  }

  buffersOf(): readonly ArrayBuffer[] {
    return [];
  }

  async plannedBytes(frame: PictureSize): Promise<PlannedBytes | undefined> {
    if (this.#model.arenaBytes === undefined) return undefined;
    const { width, height, channels } = this.#tensorOf(frame);
    try {
      const arenaBytes = await this.#model.arenaBytes({ height, width, channels });
      return { arenaBytes, tensorBytes: 4 * width * height * channels };
    } catch (error) {
      if (error instanceof DnnError) return undefined; // the first frame will tell
      throw error;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#tensor = new Float32Array(0);
    this.#model.close();
  }

  async #run(frames: readonly Frame[]): Promise<RunnerAnswer<'analyse'>> {
    const start = performance.now();
    const sizes = frames.map((frame) => this.#tensorOf(frame));
    const together =
      this.#batchFree &&
      sizes.every(({ width, height }) => width === sizes[0]!.width && height === sizes[0]!.height);
    const batches = together && frames.length > 0 ? [frames] : frames.map((frame) => [frame]);
    const results: AnalyticsResult[] = [];
    let msExecute = 0;
    for (const batch of batches) {
      const tensor = this.#tensorOf(batch[0]!);
      const input = this.#fillModelInput(batch, tensor);
      const startExecute = performance.now();
      const outputs = await this.#model.execute(input);
      msExecute += performance.now() - startExecute;
      batch.forEach((frame, index) => {
        const own = outputs.map((output) => ofOneFrame(output, index, batch.length));
        results.push(this.#postProc(own, frame, tensor));
      });
    }
    return {
      kind: this.kind,
      outputs: results,
      spent: frames.map(({ buffer }) => buffer),
      msExecute,
      msIo: performance.now() - start - msExecute,
      memoryBytes: this.#model.memoryBytes() + this.#tensor.byteLength,
      strayTensors: this.#model.strayTensors(),
    };
  }

  #tensorOf(frame: PictureSize): AnalyticsInput {
    return { ...this.#input, ...pictureSize(frame, this.#input) };
  }

  /** The frames of one batch as a tensor, a view of the runner's own memory. */
  #fillModelInput(batch: readonly Frame[], tensor: AnalyticsInput): DNNData {
    if (this.#isClosed) throw new DnnError('EINVAL', 'The model was closed before this request.');
    const { width, height, channels } = tensor;
    const values = width * height * channels;
    if (this.#tensor.length < batch.length * values) this.#tensor = new Float32Array(batch.length * values);
    batch.forEach((frame, index) => {
      fillAnalyticsInput(frame, tensor, this.#tensor, index * values);
    });
    return {
      data: this.#tensor.subarray(0, batch.length * values),
      dims: [batch.length, height, width, channels],
    };
  }
}

/**
 * The part of a batch's output that belongs to one frame. The batch is the first dimension that is no leading
 * 1, since a backend puts those in front of an output of a lower rank.
 *
 * @throws DnnError `DNN_GENERIC_ERROR` for an output that has no such dimension.
 */
function ofOneFrame({ data, dims }: DNNData, index: number, frames: number): DNNData {
  if (frames === 1) return { data, dims };
  const axis = dims.findIndex((size) => size !== 1);
  if (axis < 0 || dims[axis] !== frames) {
    throw new DnnError(
      'DNN_GENERIC_ERROR',
      `The model gave an output of [${dims.join(', ')}] for ${frames} frames, which does not tell them apart: use batch_size=1.`,
      { dims: dims.join('x'), frames },
    );
  }
  const values = data.length / frames;
  const [n, height, width, channels] = dims.with(axis, 1) as [number, number, number, number];
  return { data: data.subarray(index * values, (index + 1) * values), dims: [n, height, width, channels] };
}
