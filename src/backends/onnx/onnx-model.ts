/** A loaded network on ONNX Runtime; plays the part of execute_model_onnx in dnn_backend_onnx.c. */
import * as ort from 'onnxruntime-web/wasm';
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { DNNData, DNNModel, DNNModelSpec, OnnxFile } from '../../dnn/contract/interface.ts';
import { feedType, feedValues, resultValues, type FeedType } from './element-types.ts';
import { toChannelsFirst, toChannelsLast } from './turn-layout.ts';

/** What is run, with the file that it is in. */
type OnnxSpec = DNNModelSpec & { readonly file: OnnxFile };

/**
 * One session. Weights and intermediate tensors live in ONNX Runtime's own memory; a result is a copy.
 *
 * Outputs of a rank below 4 get leading ones (`[N, D]` → `[1, 1, N, D]`); of a rank above 4, the leading
 * dimensions become n.
 */
export class OnnxModel implements DNNModel {
  readonly #session: ort.InferenceSession;
  readonly #spec: OnnxSpec;
  readonly #inputType: FeedType;
  /** Of the file and the weights beside it: ONNX Runtime does not tell what it holds. */
  readonly #bytes: number;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  /**
   * @param session the model's from now on.
   * @throws DnnError `EINVAL` for a name that the model does not have, `ENOSYS` for an input of a type that
   *   no frame can be turned into.
   */
  constructor(session: ort.InferenceSession, spec: OnnxSpec) {
    this.#session = session;
    this.#spec = spec;
    const { input, outputs, file } = spec;
    requireName('input', input, session.inputNames);
    for (const output of outputs) requireName('output', output, session.outputNames);
    const metadata = session.inputMetadata.find(({ name }) => name === input);
    this.#inputType = feedType(input, metadata?.isTensor === true ? metadata.type : undefined);
    this.#bytes = file.external.reduce((sum, { data }) => sum + data.byteLength, file.bytes.byteLength);
  }

  /**
   * @throws DnnError `EINVAL` for a tensor whose dims and data differ, and after `close()`; else
   *   `DNN_GENERIC_ERROR` with ONNX Runtime's words.
   */
  execute(input: DNNData, spent: readonly DNNData[] = []): Promise<readonly DNNData[]> {
    const result = this.#last.then(() => this.#execute(input, spent));
    this.#last = result.catch(() => undefined);
    return result;
  }

  memoryBytes(): number {
    return this.#closed ? 0 : this.#bytes;
  }

  strayTensors(): number {
    return 0;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // A session that is running is let go behind its run.
    void this.#last.then(() => this.#session.release());
  }

  async #execute(input: DNNData, spent: readonly DNNData[]): Promise<readonly DNNData[]> {
    if (this.#closed) throw new DnnError('EINVAL', 'dnn_backend=onnx: execute() came after close().');
    const { outputs } = this.#spec;
    const feeds = { [this.#spec.input]: this.#feed(input) };
    try {
      const results = await this.#session.run(feeds, outputs);
      return outputs.map((name, index) => this.#read(results[name]!, spent[index]?.data));
    } catch (thrown) {
      throw new DnnError(
        'DNN_GENERIC_ERROR',
        `dnn_backend=onnx: execution failed for input [${input.dims.join(', ')}]: ${errorMessage(thrown)}`,
        { dims: input.dims.join('x') },
        { cause: thrown },
      );
    }
  }

  #feed({ data, dims }: DNNData): ort.Tensor {
    const [items, height, width, channels] = dims;
    if (items * height * width * channels !== data.length) {
      throw new DnnError(
        'EINVAL',
        `dnn_backend=onnx: the input tensor has ${data.length} values, its dims are [${dims.join(', ')}].`,
      );
    }
    const isTurned = this.#spec.file.layout === 'nchw';
    const shape = isTurned ? [items, channels, height, width] : dims;
    const values = feedValues(this.#inputType, isTurned ? toChannelsFirst(data, dims) : data);
    return new ort.Tensor(this.#inputType, values, shape);
  }

  /** @param spent is used for the values where the size is right. */
  #read(tensor: ort.Tensor, spent: Float32Array | undefined): DNNData {
    const { layout, pictures } = this.#spec.file;
    const values = resultValues(tensor);
    const [height = 1, width = 1, channels = 1] = [1, 1, 1, ...tensor.dims].slice(-3);
    const items = tensor.dims.slice(0, -3).reduce((product, size) => product * size, 1);
    if (!pictures || layout !== 'nchw' || tensor.dims.length !== 4)
      return { data: values, dims: [items, height, width, channels] };
    const [, planes, rows, columns] = tensor.dims as [number, number, number, number];
    const dims = [items, rows, columns, planes] as const;
    return { data: toChannelsLast(values, dims, spent?.length === values.length ? spent : undefined), dims };
  }
}

function requireName(option: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw new DnnError(
    'EINVAL',
    `${option}=${name}: ONNX Runtime gives and takes only what the model declares, its ${option}s are: ${names.join(', ')}.`,
    { option, name, candidates: names },
  );
}
