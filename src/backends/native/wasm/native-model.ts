/**
 * A loaded network on the native backend; plays the part of NativeModel in
 * libavfilter/dnn/dnn_backend_native.c.
 */
import { DnnError, errorMessage } from '../../../base/errors.ts';
import type {
  DNNData,
  DNNModel,
  DNNModelSpec,
  FrameSize,
  RowRange,
} from '../../../dnn/contract/interface.ts';
import { typeAttr } from '../../../graph/node-attrs.ts';
import { isFloatType } from '../../../graph/tensor-storage.ts';
import { byteTransfer } from './byte-transfer.ts';
import { floatTransfer } from './float-transfer.ts';
import { KernelMemory } from './kernel-memory.ts';
import type { KernelExports } from './kernel-exports.ts';
import type { KernelChoice } from './layer.ts';
import { lowerGraph } from '../lowering/lower-graph.ts';
import type { NetworkOutput } from '../lowering/network.ts';
import { SizedNetwork, type LayerTable } from './sized-network.ts';

/** Frame sizes that are kept ready; the memory of more is given up. */
const maximumSizes = 3;

/** What a model is made of. */
export interface NativeModelParts {
  readonly spec: DNNModelSpec;
  readonly table: LayerTable;
  readonly kernelChoice: KernelChoice;
  /** A new instance of the kernels with a memory of its own. */
  readonly instantiate: () => Promise<KernelExports>;
  /** Overrides the choice of the strip's height, for tests. */
  readonly stripRows?: number;
}

/**
 * One network with one WebAssembly memory. It is made ready for a frame size when the first such frame comes.
 * Images of a batch run one after another, so a result does not depend on what it is computed with.
 */
export class NativeModel implements DNNModel {
  readonly #parts: NativeModelParts;
  readonly #isInteger: boolean;
  #memory: KernelMemory | undefined;
  readonly #sizes = new Map<string, SizedNetwork>();
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(parts: NativeModelParts) {
    this.#parts = parts;
    const input = parts.spec.graph.nodes.find(({ name }) => name === parts.spec.input);
    const type = input === undefined ? undefined : typeAttr(input, 'dtype');
    this.#isInteger = type !== undefined && !isFloatType(type);
  }

  /**
   * @param rows computes only these rows of the first output; the others of its values are not touched.
   * @throws DnnError `EINVAL` for a tensor whose dims and data differ, a frame size that the network cannot
   *   take, or a closed model; `ENOSYS` naming what there is no layer for; `ENOMEM`.
   */
  execute(input: DNNData, spent: readonly DNNData[] = [], rows?: RowRange): Promise<readonly DNNData[]> {
    return this.#inTurn(async () => {
      checkInput(input);
      const [n, height, width, channels] = input.dims;
      const { network, memory } = await this.#networkFor({ height, width, channels });
      const results = network.outputs.map((output, index) => resultOf(output, n, spent[index]?.data));
      const values = input.data.length / n;
      for (let image = 0; image < n; image++) {
        const own = results.map(({ data }) =>
          data.subarray((image * data.length) / n, ((image + 1) * data.length) / n),
        );
        const outputs = network.tensors.map((tensor) => own[firstIndex(network.outputs, tensor)]!);
        const images = {
          input: input.data.subarray(image * values, (image + 1) * values),
          outputs,
          truncate: this.#isInteger,
        };
        // The arena must be there before views of the memory are made.
        memory.reserve(memory.top + network.plan(rows).arenaBytes);
        network.run(floatTransfer(memory, network.input, network.tensorSizes, images), rows);
        fillRepeated(network.outputs, own);
      }
      return results;
    });
  }

  /**
   * Runs 8-bit images; no whole image of floats exists at any time.
   *
   * @param rows computes only these rows of the output, which are all that the images of `out` have room for.
   * @throws DnnError as `execute`; `DNN_GENERIC_ERROR` where the output (or the rows of it) has not as
   *   many values as an image of `out`.
   */
  executeBytes(
    images: readonly Uint8Array[],
    size: FrameSize,
    out: readonly Uint8Array[],
    rows?: RowRange,
  ): Promise<void> {
    return this.#inTurn(async () => {
      const { network, memory } = await this.#networkFor(size);
      const [output] = network.outputs;
      for (const [index, image] of images.entries()) {
        const target = out[index];
        checkBytes(image, size, target, output, rows);
        if (output === undefined || 'constant' in output || this.#isInteger) {
          throw new DnnError('EINVAL', 'dnn_backend=native: this model has no 8-bit images in and out.');
        }
        memory.reserve(memory.top + network.plan(rows).arenaBytes);
        network.run(byteTransfer(memory, network.input, output.size, image, target!, rows?.from), rows);
      }
    });
  }

  /** True where `executeBytes` can be used for frames of a size with such output. */
  async takesBytes(size: FrameSize, out: FrameSize): Promise<boolean> {
    if (this.#isInteger || this.#parts.spec.outputs.length !== 1) return false;
    const { network } = await this.#inTurn(() => this.#networkFor(size));
    const output = network.outputs[0]!;
    const { height, width, channels } = output.size;
    return 'tensor' in output && height === out.height && width === out.width && channels === out.channels;
  }

  /** Counted over the layers, in multiply-adds and in values; see {@link DNNModel}. */
  async rowShares(
    size: FrameSize,
    out: FrameSize,
    parts: readonly RowRange[],
  ): Promise<readonly number[] | undefined> {
    if (!(await this.takesBytes(size, out))) return undefined;
    const { network } = await this.#inTurn(() => this.#networkFor(size));
    const whole = network.work({ from: 0, to: out.height });
    return parts.map((rows) => network.work(rows) / whole);
  }

  /** Bytes that frames of a size need above the weights. */
  async arenaBytes(size: FrameSize): Promise<number> {
    const { network } = await this.#inTurn(() => this.#networkFor(size));
    return network.plan().arenaBytes;
  }

  /** The whole WebAssembly memory: weights and the rows that are kept. */
  memoryBytes(): number {
    return this.#memory?.bytes ?? 0;
  }

  /** Its tensors are bands of one arena, which is planned once. */
  strayTensors(): number {
    return 0;
  }

  close(): void {
    this.#closed = true;
    this.#memory = undefined;
    this.#sizes.clear();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      if (this.#closed) throw new DnnError('EINVAL', 'dnn_backend=native: execute() came after close().');
      try {
        return await work();
      } catch (thrown) {
        if (thrown instanceof DnnError) throw thrown;
        throw new DnnError(
          'DNN_GENERIC_ERROR',
          `dnn_backend=native: execution failed: ${errorMessage(thrown)}`,
          {},
          { cause: thrown },
        );
      }
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #networkFor(size: FrameSize): Promise<{ network: SizedNetwork; memory: KernelMemory }> {
    const { spec, table, kernelChoice, instantiate, stripRows } = this.#parts;
    const key = `${size.height}x${size.width}x${size.channels}`;
    if (!this.#sizes.has(key) && this.#sizes.size >= maximumSizes) {
      this.#sizes.clear();
      this.#memory = undefined;
    }
    const memory = (this.#memory ??= new KernelMemory(await instantiate()));
    let network = this.#sizes.get(key);
    if (network === undefined) {
      const { graph, input, outputs } = spec;
      const lowered = lowerGraph({ graph, input, outputs, size, ops: new Set(table.keys()) });
      network = new SizedNetwork(lowered, table, memory, kernelChoice, stripRows);
      this.#sizes.set(key, network);
    }
    return { network, memory };
  }
}

function firstIndex(outputs: readonly NetworkOutput[], tensor: number): number {
  return outputs.findIndex((output) => 'tensor' in output && output.tensor === tensor);
}

/** Constants, and tensors that are more than one output. */
function fillRepeated(outputs: readonly NetworkOutput[], own: readonly Float32Array[]): void {
  for (const [index, output] of outputs.entries()) {
    if ('constant' in output) own[index]!.set(output.constant.data as ArrayLike<number>);
    else {
      const first = firstIndex(outputs, output.tensor);
      if (first !== index) own[index]!.set(own[first]!);
    }
  }
}

function resultOf({ size }: NetworkOutput, n: number, spent: Float32Array | undefined): DNNData {
  const { height, width, channels } = size;
  const length = n * height * width * channels;
  return {
    data: spent?.length === length ? spent : new Float32Array(length),
    dims: [n, height, width, channels],
  };
}

function checkInput({ data, dims }: DNNData): void {
  const values = dims.reduce((product, size) => product * size, 1);
  if (values === data.length && dims.every((size) => Number.isInteger(size) && size > 0)) return;
  throw new DnnError(
    'EINVAL',
    `dnn_backend=native: the input tensor has ${data.length} values, its dims are [${dims.join(', ')}].`,
  );
}

function checkBytes(
  image: Uint8Array,
  { height, width, channels }: FrameSize,
  out: Uint8Array | undefined,
  output: NetworkOutput | undefined,
  rows: RowRange | undefined,
): void {
  if (image.length !== height * width * channels) {
    throw new DnnError(
      'EINVAL',
      `dnn_backend=native: an image of ${width}x${height}x${channels} has ${image.length} bytes.`,
    );
  }
  const size = output?.size ?? { height: 0, width: 0, channels: 0 };
  const { from, to } = rows ?? { from: 0, to: size.height };
  const isWithin =
    Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from < to && to <= size.height;
  if (isWithin && out?.length === (to - from) * size.width * size.channels) return;
  const which = rows === undefined ? '' : `, of which the rows ${from} … ${to - 1} were asked for,`;
  throw new DnnError(
    'DNN_GENERIC_ERROR',
    `dnn_backend=native: the model gave ${size.width}x${size.height} with ${size.channels} channels${which} where ` +
      `${out?.length ?? 0} bytes were expected.`,
  );
}
