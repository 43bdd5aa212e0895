/**
 * Runs one request of frame processing on a loaded model: frames to a tensor, the network, tensor to frames,
 * chroma. Mirrors fill_model_input_tf and infer_completion_callback of libavfilter/dnn/dnn_backend_tf.c.
 */
import { DnnError } from '../../base/errors.ts';
import { cropFrame } from '../../frame/crop-frame.ts';
import type { Frame } from '../../frame/frame.ts';
import { padFrame } from '../../frame/pad-frame.ts';
import { isEightBit, modelChannels } from '../../frame/pixel-format.ts';
import { allocateFrame, frameFromBuffer, frameLayout } from '../../frame/plane-layout.ts';
import { copyUvPlanes } from './copy-uv-planes.ts';
import type { FrameToInfer } from './frame-to-infer.ts';
import { isBareStrip, resultShape, type FrameShape } from './frame-strips.ts';
import type { DNNData, DNNModel, RowRange } from '../contract/interface.ts';
import { packedPlane, procFromDnnToFrame, procFromFrameToDnn } from './io-proc.ts';
import type { PlannedBytes } from '../contract/planned-bytes.ts';
import type { RunnerAnswer } from './runner-kinds.ts';
import type { FrameGeometry, ResultSize, Runner } from './runner.ts';
import { scaleFrame } from './scale-frame.ts';

/** One loaded model with the tensor that feeds it. */
export class InferenceRunner implements Runner<'process'> {
  readonly kind = 'process';
  readonly #model: DNNModel;
  readonly #batchFree: boolean;
  /** Grows to the largest request so far; kept, since every request but the last has the same size. */
  #input = new Float32Array(0);
  /** Frames that were enlarged for the last request; the next one may use their memory. */
  #enlarged: readonly Frame[] = [];
  /** Of the last execution, already copied to frames; the next one may use their memory. */
  #spentOutputs: readonly DNNData[] = [];
  #lastRun: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /**
   * @param model is the runner's from now on.
   * @param batchFree whether the model takes more than one frame at a time; else the
   * items of a request run one by one.
   */
  constructor(model: DNNModel, batchFree: boolean) {
    this.#model = model;
    this.#batchFree = batchFree;
  }

  /**
   * Runs the items through the model, together where they are of one size and the model's batch is free.
   * Calls that overlap run one after another.
   *
   * @param items their frames become the runner's.
   * @param outBuffers used for the result of the item at the same index, where the size is right.
   * @throws DnnError `DNN_GENERIC_ERROR` if the model fails or gives a tensor of another size than the frames
   *   that were asked for; `EINVAL` for a frame that is not tightly packed, for rows where `rowShares` gives
   *   nothing, and after `close`; `ENOMEM`.
   */
  run(
    items: readonly FrameToInfer[],
    outBuffers: readonly ArrayBuffer[] = [],
  ): Promise<RunnerAnswer<'process'>> {
    const run = this.#lastRun.then(() => this.#run(items, outBuffers));
    this.#lastRun = run.catch(() => undefined); // its caller has the failure; the next run starts anyway
    return run;
  }

  buffersOf({ buffer }: Frame): readonly ArrayBuffer[] {
    return [buffer];
  }

  async rowShares(
    frame: FrameShape,
    out: ResultSize,
    parts: readonly RowRange[],
  ): Promise<readonly number[] | undefined> {
    if (this.#isClosed || !isEightBit(frame.format)) return undefined;
    const channels = modelChannels(frame.format);
    const { width, height } = frame;
    return this.#model.rowShares?.({ width, height, channels }, { ...out, channels }, parts);
  }

  async plannedBytes(geometry: FrameGeometry): Promise<PlannedBytes | undefined> {
    if (this.#model.arenaBytes === undefined) return undefined;
    const { format, width, height, outWidth, outHeight } = geometry;
    const channels = modelChannels(format);
    try {
      const arenaBytes = await this.#model.arenaBytes({ height, width, channels });
      const takesBytes = await this.#takesBytes(geometry);
      const tensorBytes = takesBytes ? 0 : 4 * channels * (width * height + outWidth * outHeight);
      return { arenaBytes, tensorBytes };
    } catch (error) {
      if (error instanceof DnnError) return undefined;
      throw error;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#input = new Float32Array(0);
    this.#enlarged = [];
    this.#spentOutputs = [];
    this.#model.close();
  }

  async #run(
    given: readonly FrameToInfer[],
    outBuffers: readonly ArrayBuffer[],
  ): Promise<RunnerAnswer<'process'>> {
    const start = performance.now();
    const items = this.#enlarge(given).map(paddedItem);
    const together = this.#batchFree && items.every((item) => hasSizesOf(item, items[0]!));
    const batches = together && items.length > 0 ? [items] : items.map((item) => [item]);
    const frames: Frame[] = [];
    let msExecute = 0;
    for (const batch of batches) {
      if (await this.#takesBytes(geometryOf(batch[0]!))) {
        const made = batch.map((item, index) =>
          emptyFrame(resultShape(item), item.frame.pts, outBuffers[frames.length + index]),
        );
        const startExecute = performance.now();
        await this.#runBytes(batch, made);
        msExecute += performance.now() - startExecute;
        batch.forEach((item, index) => {
          if (!isBareStrip(item)) copyUvPlanes(item.frame, made[index]!);
        });
        frames.push(...made);
        continue;
      }
      requireWhole(batch[0]!);
      const input = this.#fillModelInput(batch);
      const startExecute = performance.now();
      const outputs = await this.#model.execute(input, this.#spentOutputs);
      msExecute += performance.now() - startExecute;
      const output = checkedOutput(outputs, batch);
      batch.forEach((item, index) => {
        frames.push(outFrame(item, output, index, outBuffers[frames.length]));
      });
      this.#spentOutputs = outputs;
    }
    const outputs = frames.map((frame, index) => cutResult(frame, given[index]!, outBuffers[index]));
    return {
      kind: this.kind,
      outputs,
      spent: given.map((item) => item.frame.buffer),
      msExecute,
      msIo: performance.now() - start - msExecute,
      memoryBytes:
        this.#model.memoryBytes() +
        this.#input.byteLength +
        bytesOf(this.#spentOutputs) +
        this.#enlarged.reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
      strayTensors: this.#model.strayTensors(),
    };
  }

  /** The items with the frames that the model runs on. */
  #enlarge(items: readonly FrameToInfer[]): readonly FrameToInfer[] {
    if (!items.some(({ scaleFirst }) => scaleFirst)) return items;
    const spare = this.#enlarged;
    const enlarged: Frame[] = [];
    const scaled = items.map((item) => {
      if (item.scaleFirst !== true) return item;
      const { outWidth: width, outHeight: height } = item;
      const { format, pts } = item.frame;
      const frame = emptyFrame({ format, width, height }, pts, spare[enlarged.length]?.buffer);
      scaleFrame(item.frame, frame);
      enlarged.push(frame);
      return { ...item, frame };
    });
    this.#enlarged = enlarged;
    return scaled;
  }

  /** True where the model converts 8-bit frames itself, so that no tensors of whole frames are needed. */
  async #takesBytes({ format, width, height, outWidth, outHeight }: FrameGeometry): Promise<boolean> {
    if (this.#isClosed || !isEightBit(format) || this.#model.executeBytes === undefined) return false;
    const channels = modelChannels(format);
    const size = { height, width, channels };
    const out = { height: outHeight, width: outWidth, channels };
    return (await this.#model.takesBytes?.(size, out)) ?? false;
  }

  async #runBytes(batch: readonly FrameToInfer[], out: readonly Frame[]): Promise<void> {
    const { frame, rows } = batch[0]!;
    const { height, width, format } = frame;
    const size = { height, width, channels: modelChannels(format) };
    const planes = out.map((made) => packedPlane(made, 'output'));
    await this.#model.executeBytes?.(
      batch.map((item) => packedPlane(item.frame, 'input')),
      size,
      rows === undefined ? planes : planes.map((plane) => ownRows(plane, batch[0]!, rows)),
      rows,
    );
  }

  /** The frames of one batch as a tensor, a view of the runner's own memory. */
  #fillModelInput(batch: readonly FrameToInfer[]): DNNData {
    if (this.#isClosed) throw new DnnError('EINVAL', 'The model was closed before this request.');
    const { width, height, format } = batch[0]!.frame;
    const channels = modelChannels(format);
    const values = width * height * channels;
    if (this.#input.length < batch.length * values) this.#input = allocateTensor(batch.length * values);
    batch.forEach(({ frame }, index) => {
      procFromFrameToDnn(frame, this.#input, index * values);
    });
    return {
      data: this.#input.subarray(0, batch.length * values),
      dims: [batch.length, height, width, channels],
    };
  }
}

/** The item with the frame that its model takes. */
function paddedItem(item: FrameToInfer): FrameToInfer {
  const { padded, frame } = item;
  if (padded === undefined) return item;
  const { width, height, outWidth, outHeight } = padded;
  return { ...item, frame: padFrame(frame, width, height), outWidth, outHeight };
}

/** What belongs to the frame itself of the result for its padded one, with the chroma of the frame. */
function cutResult(result: Frame, item: FrameToInfer, buffer: ArrayBuffer | undefined): Frame {
  const { frame, padded, outWidth, outHeight } = item;
  if (padded === undefined) return result;
  const box = { x: 0, y: 0, w: outWidth, h: outHeight };
  const cut = cropFrame(result, box, (bytes) =>
    buffer?.byteLength === bytes ? buffer : new ArrayBuffer(bytes),
  );
  copyUvPlanes(frame, cut);
  return cut;
}

function geometryOf({ frame, outWidth, outHeight }: FrameToInfer): FrameGeometry {
  const { format, width, height } = frame;
  return { format, width, height, outWidth, outHeight };
}

function bytesOf(tensors: readonly DNNData[]): number {
  return tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
}

function hasSizesOf(a: FrameToInfer, b: FrameToInfer): boolean {
  return (
    a.frame.width === b.frame.width &&
    a.frame.height === b.frame.height &&
    modelChannels(a.frame.format) === modelChannels(b.frame.format) &&
    a.outWidth === b.outWidth &&
    a.outHeight === b.outHeight &&
    a.rows?.from === b.rows?.from &&
    a.rows?.to === b.rows?.to
  );
}

/** Where in plane 0 of its result the rows of an item belong. */
function ownRows(plane: Uint8Array, { frame, outWidth }: FrameToInfer, { from, to }: RowRange): Uint8Array {
  return plane.subarray(0, (to - from) * outWidth * modelChannels(frame.format));
}

/** @throws DnnError `EINVAL` for an item of which only rows are asked for. */
function requireWhole({ frame, rows }: FrameToInfer): void {
  if (rows === undefined) return;
  throw new DnnError(
    'EINVAL',
    `Rows ${rows.from} … ${rows.to - 1} of the result are asked for (pts ${frame.pts}), but this model computes ` +
      `${frame.format} frames of ${frame.width}x${frame.height} only as a whole.`,
    { format: frame.format, pts: frame.pts },
  );
}

function allocateTensor(values: number): Float32Array<ArrayBuffer> {
  try {
    return new Float32Array(values);
  } catch (error) {
    throw new DnnError(
      'ENOMEM',
      `No memory for an input tensor of ${4 * values} bytes: use a smaller batch_size or frame.`,
      { bytes: 4 * values },
      { cause: error },
    );
  }
}

/**
 * The model's one output, checked against the frames that it is to fill; FFmpeg reads out of bounds instead.
 */
function checkedOutput(outputs: readonly DNNData[], batch: readonly FrameToInfer[]): DNNData {
  const { frame, outWidth, outHeight } = batch[0]!;
  const wanted = [batch.length, outHeight, outWidth, modelChannels(frame.format)];
  const [output] = outputs;
  const dims = output?.dims ?? [];
  const isWanted = dims.length === 4 && wanted.every((size, axis) => size === dims[axis]);
  if (output !== undefined && isWanted && output.data.length === wanted.reduce((a, b) => a * b))
    return output;
  throw new DnnError(
    'DNN_GENERIC_ERROR',
    `The model gave ${output === undefined ? 'no output' : `[${dims.join(', ')}] with ${output.data.length} values`} for ` +
      `${batch.length} ${frame.format} frame(s) of ${frame.width}x${frame.height}, where [${wanted.join(', ')}] was expected ` +
      `(n, height, width, channels): choose the model's image output with the option output.`,
    { dims: dims.join('x'), expected: wanted.join('x'), pts: frame.pts },
  );
}

/** A frame with undefined content; in `buffer` where that fits. */
function emptyFrame(
  { format, width, height }: FrameShape,
  pts: number,
  buffer: ArrayBuffer | undefined,
): Frame {
  return buffer?.byteLength === frameLayout(format, width, height).size
    ? frameFromBuffer(format, width, height, pts, buffer)
    : allocateFrame(format, width, height, pts);
}

function outFrame(
  item: FrameToInfer,
  output: DNNData,
  index: number,
  buffer: ArrayBuffer | undefined,
): Frame {
  const { frame, outWidth, outHeight } = item;
  const out = emptyFrame(resultShape(item), frame.pts, buffer);
  procFromDnnToFrame(output.data, index * outWidth * outHeight * modelChannels(frame.format), out);
  copyUvPlanes(frame, out);
  return out;
}
