/**
 * A loaded network on tfjs; plays the part of TFModel and execute_model_tf in
 * libavfilter/dnn/dnn_backend_tf.c.
 */
import { engine, memory, tensor4d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { DNNData, DNNModel, DNNModelSpec } from '../../dnn/contract/interface.ts';
import type { WasmRuntime } from './wasm-runtime.ts';

/** How one model is run, found out once when it is loaded. */
export interface ExecutionPlan {
  /** The graph has control flow or outputs of a size known only at run time. */
  readonly async: boolean;
  /** What the input node takes; integers are truncated from the floats of DNNData. */
  readonly inputType: 'float32' | 'int32';
}

/**
 * One network. Weights and intermediate tensors live in the backend's WebAssembly memory; a result is a copy.
 *
 * Outputs of a rank below 4 get leading ones (`[N]` → `[1, 1, 1, N]`), as FFmpeg reads a detection output
 * through its data pointer only; of a rank above 4, the leading dimensions become n.
 */
export class TensorflowModel implements DNNModel {
  readonly #graphModel: GraphModel;
  readonly #spec: DNNModelSpec;
  readonly #plan: ExecutionPlan;
  readonly #runtime: WasmRuntime;
  /** Tensors of this thread after the weights were loaded. */
  readonly #tensorsAtLoad = memory().numTensors;
  #closed = false;

  constructor(graphModel: GraphModel, spec: DNNModelSpec, plan: ExecutionPlan, runtime: WasmRuntime) {
    this.#graphModel = graphModel;
    this.#spec = spec;
    this.#plan = plan;
    this.#runtime = runtime;
  }

  /**
   * @throws DnnError `EINVAL` for a tensor whose dims and data differ, a batch that the graph does
   *   not allow, or a closed model; `ENOMEM` where the WebAssembly memory ends; else
   *   `DNN_GENERIC_ERROR` with tfjs's words.
   */
  execute(input: DNNData, spent: readonly DNNData[] = []): Promise<readonly DNNData[]> {
    return this.#runtime.inTurn(async () => {
      if (this.#closed) throw new DnnError('EINVAL', 'dnn_backend=tensorflow: execute() came after close().');
      this.#checkInput(input);
      try {
        return this.#plan.async ? await this.#runAsync(input, spent) : this.#run(input, spent);
      } catch (thrown) {
        throw executionError(thrown, input);
      }
    });
  }

  /** The whole WebAssembly memory, which models of one worker share. */
  memoryBytes(): number {
    return this.#closed ? 0 : this.#runtime.heapBytes();
  }

  /** Counts the whole thread: true where it holds one model, as an inference worker does. */
  strayTensors(): number {
    return this.#closed ? 0 : memory().numTensors - this.#tensorsAtLoad;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#graphModel.dispose();
  }

  #run(input: DNNData, spent: readonly DNNData[]): DNNData[] {
    const outputs = [...this.#spec.outputs];
    return tidyData(() => {
      const feed = { [this.#spec.input]: this.#feed(input) };
      return this.#readAll(this.#graphModel.execute(feed, outputs), spent);
    });
  }

  async #runAsync(input: DNNData, spent: readonly DNNData[]): Promise<DNNData[]> {
    const outputs = [...this.#spec.outputs];
    engine().startScope('execute');
    try {
      const feed = { [this.#spec.input]: this.#feed(input) };
      return this.#readAll(await this.#graphModel.executeAsync(feed, outputs), spent);
    } catch (thrown) {
      disposeKeptTensors();
      throw thrown;
    } finally {
      engine().endScope();
    }
  }

  #readAll(result: Tensor | Tensor[], spent: readonly DNNData[]): DNNData[] {
    const tensors = Array.isArray(result) ? result : [result];
    return tensors.map((tensor, index) => readOutput(tensor, this.#runtime, spent[index]?.data));
  }

  #feed({ data, dims }: DNNData): Tensor {
    const shape: [number, number, number, number] = [...dims];
    return this.#plan.inputType === 'float32'
      ? tensor4d(data, shape, 'float32')
      : tensor4d(Int32Array.from(data), shape, 'int32');
  }

  #checkInput({ data, dims }: DNNData): void {
    const values = dims.reduce((product, size) => product * size, 1);
    if (values !== data.length || dims.some((size) => !Number.isInteger(size) || size < 1)) {
      throw new DnnError(
        'EINVAL',
        `dnn_backend=tensorflow: the input tensor has ${data.length} values, its dims are [${dims.join(', ')}].`,
      );
    }
    if (!this.#spec.batchFree && dims[0] !== 1) {
      throw new DnnError(
        'EINVAL',
        `input=${this.#spec.input}: this graph takes one item per request, not ${dims[0]}; use batch_size=1.`,
        { option: 'input', batch: dims[0] },
      );
    }
  }
}

/**
 * What TensorArrays and TensorLists hold: tfjs keeps it beyond scopes, and frees it
 * only after a run that succeeds.
 */
function disposeKeptTensors(): void {
  for (const tensor of engine().state.activeScope.track) if (tensor.kept) tensor.dispose();
}

/** `tidy` for a result that is no tensor: everything made inside is disposed, also when it throws. */
function tidyData(work: () => DNNData[]): DNNData[] {
  let result: DNNData[] = [];
  tidy(() => {
    result = work();
  });
  return result;
}

/** @param spent is used for the values where the size is right. */
function readOutput(tensor: Tensor, runtime: WasmRuntime, spent: Float32Array | undefined): DNNData {
  if (tensor.dtype === 'string' || tensor.dtype === 'complex64') {
    throw new Error(`the output is of type ${tensor.dtype}; only numbers are supported`);
  }
  const { shape } = tensor;
  const [height = 1, width = 1, channels = 1] = [1, 1, 1, ...shape].slice(-3);
  const items = shape.slice(0, -3).reduce((product, size) => product * size, 1);
  const dims = [items, height, width, channels] as const;
  if (tensor.dtype === 'float32' && spent?.length === tensor.size) {
    spent.set(runtime.floatsOf(tensor));
    return { data: spent, dims };
  }
  const values = tensor.dataSync();
  return { data: values instanceof Float32Array ? values : Float32Array.from(values), dims };
}

function executionError(thrown: unknown, input: DNNData): DnnError {
  if (thrown instanceof DnnError) return thrown;
  return new DnnError(
    'DNN_GENERIC_ERROR',
    `dnn_backend=tensorflow: execution failed for input [${input.dims.join(', ')}]: ${errorMessage(thrown)}`,
    { dims: input.dims.join('x') },
    { cause: thrown },
  );
}
