/** The tables of a TFLite file (tensorflow/lite/schema/schema.fbs, v3) by the numbers of their fields. */
import { DnnError } from '../../../base/errors.ts';
import { builtinOperatorName, customOperator } from './builtin-operators.ts';
import { FlatFile, type Table } from './table.ts';
import type { Quantisation, TfliteEdge, TfliteModel, TfliteOperator, TfliteTensor } from './tflite-model.ts';

const modelFields = { version: 0, operatorCodes: 1, subgraphs: 2, buffers: 4, signatures: 7 } as const;
const codeFields = { oldCode: 0, customName: 1, code: 3 } as const;
const subgraphFields = { tensors: 0, inputs: 1, outputs: 2, operators: 3 } as const;
const tensorFields = {
  shape: 0,
  type: 1,
  buffer: 2,
  name: 3,
  quantisation: 4,
  isVariable: 5,
  sparsity: 6,
  openShape: 7,
} as const;
const quantisationFields = { scales: 2, zeros: 3, axis: 6 } as const;
const operatorFields = { code: 0, inputs: 1, outputs: 2, options: 4, customOptions: 5 } as const;
const bufferFields = { data: 0, offset: 1, size: 2 } as const;
const signatureFields = { inputs: 0, outputs: 1, subgraph: 4 } as const;
const edgeFields = { name: 0, tensor: 1 } as const;

/** The version of all files that the mark TFL3 stands in. */
const schemaVersion = 3;

/** Reads the tables; the weights stay views of the file. */
class ModelTable {
  readonly #file: FlatFile;
  readonly #root: Table;
  readonly #buffers: readonly Table[];

  constructor(file: FlatFile) {
    this.#file = file;
    this.#root = file.root();
    const version = this.#root.uint32(modelFields.version);
    if (version !== schemaVersion) {
      throw file.error(`the version ${version} of the schema, not ${schemaVersion},`, this.#root.offset);
    }
    this.#buffers = this.#root.tables(modelFields.buffers);
  }

  read(): TfliteModel {
    // Other subgraphs are bodies of IF and WHILE.
    const [graph] = this.#root.tables(modelFields.subgraphs);
    if (graph === undefined) throw this.#file.error('no subgraph', this.#root.offset);
    const tensors = graph.tables(subgraphFields.tensors).map((tensor) => this.#tensor(tensor));
    const codes = this.#root.tables(modelFields.operatorCodes).map(operatorOf);
    const operators = graph
      .tables(subgraphFields.operators)
      .map((operator) => this.#operator(operator, codes, tensors.length));
    const [signature] = this.#root
      .tables(modelFields.signatures)
      .filter((entry) => entry.uint32(signatureFields.subgraph) === 0);
    const edges = (field: 'inputs' | 'outputs'): TfliteEdge[] => {
      const indices = graph.int32s(subgraphFields[field]);
      this.#checkIndices(indices, tensors.length, graph);
      const named = new Map(
        signature
          ?.tables(signatureFields[field])
          .map((edge) => [edge.uint32(edgeFields.tensor), edge.text(edgeFields.name)]),
      );
      return indices
        .filter((index) => index >= 0)
        .map((tensor) => ({ tensor, name: named.get(tensor) ?? tensors[tensor]!.name }));
    };
    return { tensors, operators, inputs: edges('inputs'), outputs: edges('outputs') };
  }

  #checkIndices(indices: readonly number[], count: number, table: Table): void {
    for (const index of indices) {
      if (index >= count || index < -1) {
        throw this.#file.error(`tensor ${index} of ${count}`, table.offset);
      }
    }
  }

  /** Data beyond 2 GiB stands behind the tables, at an offset in the file. */
  #data(index: number): Uint8Array | undefined {
    const buffer = this.#buffers[index];
    if (buffer === undefined) return undefined;
    const size = buffer.uint64(bufferFields.size);
    if (size === 0) {
      const data = buffer.bytes(bufferFields.data);
      return data.length === 0 ? undefined : data;
    }
    const offset = buffer.uint64(bufferFields.offset);
    this.#file.check(offset, size);
    return this.#file.bytes.subarray(offset, offset + size);
  }

  #tensor(table: Table): TfliteTensor {
    const quantisation = this.#quantisation(table.table(tensorFields.quantisation));
    const fixed = table.int32s(tensorFields.shape);
    const open = table.int32s(tensorFields.openShape);
    return {
      name: table.text(tensorFields.name),
      shape: open.length === fixed.length ? open : fixed,
      type: table.int8(tensorFields.type),
      data: this.#data(table.uint32(tensorFields.buffer)),
      ...(quantisation === undefined ? {} : { quantisation }),
      isSparse: table.has(tensorFields.sparsity),
      isVariable: table.flag(tensorFields.isVariable),
      offset: table.offset,
    };
  }

  #quantisation(table: Table | undefined): Quantisation | undefined {
    const scales = table?.float32s(quantisationFields.scales) ?? [];
    if (table === undefined || scales.length === 0) return undefined;
    const zeros = table.int64s(quantisationFields.zeros);
    if (zeros.length !== scales.length && zeros.length > 1) {
      throw this.#file.error(`${scales.length} scales with ${zeros.length} zero points`, table.offset);
    }
    return {
      scales,
      zeros: scales.map((_, at) => zeros[at] ?? zeros[0] ?? 0),
      axis: table.int32(quantisationFields.axis),
    };
  }

  #operator(table: Table, codes: readonly OperatorName[], tensors: number): TfliteOperator {
    const index = table.uint32(operatorFields.code);
    const name = codes[index];
    if (name === undefined) throw this.#file.error(`operator code ${index} of ${codes.length}`, table.offset);
    const inputs = table.int32s(operatorFields.inputs);
    const outputs = table.int32s(operatorFields.outputs);
    this.#checkIndices([...inputs, ...outputs], tensors, table);
    return {
      ...name,
      inputs,
      outputs,
      options: table.table(operatorFields.options),
      customOptions: table.bytes(operatorFields.customOptions),
      offset: table.offset,
    };
  }
}

interface OperatorName {
  readonly op: string;
  readonly isCustom: boolean;
}

/** Old files have the code in a byte; those above 126 stand in a field of their own. */
function operatorOf(table: Table): OperatorName {
  const code = Math.max(table.int8(codeFields.oldCode), table.int32(codeFields.code));
  const builtin = builtinOperatorName(code);
  const isCustom = builtin === customOperator;
  return { isCustom, op: isCustom ? table.text(codeFields.customName) : builtin };
}

/**
 * Reads the tables of a .tflite.
 *
 * @param file its name, for messages.
 * @throws DnnError `EINVAL` with the byte offset for a damaged file.
 */
export function readModelTable(bytes: Uint8Array, file: string): TfliteModel {
  try {
    return new ModelTable(new FlatFile(bytes, file)).read();
  } catch (error) {
    if (error instanceof DnnError) throw error;
    throw new DnnError(
      'EINVAL',
      `model '${file}': no TensorFlow Lite model at byte 0; fetch it again`,
      { option: 'model', file, offset: 0 },
      { cause: error },
    );
  }
}
