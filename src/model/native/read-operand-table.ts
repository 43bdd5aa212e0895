/** The operand table of a `.model` file (dnn_backend_native.c · ff_dnn_load_model_native). */
import type { NativeOperand } from './native-model.ts';
import { maximumNameBytes } from './native-model.ts';
import type { NativeReader } from './native-reader.ts';

/** Bytes of an entry with an empty name. */
export const operandEntryBytes = 32;

const utf8 = new TextDecoder();

/** A name that can be a node's name: no control characters, and nothing that reads as a reference. */
function readName(reader: NativeReader, index: number): string {
  const lengthOffset = reader.position;
  const length = reader.int(`the length of operand ${index}'s name`);
  if (length < 1) throw reader.error(`operand ${index} has a name of ${length} bytes`, lengthOffset);
  const offset = reader.position;
  const bytes = reader.bytes(`the name of operand ${index}`, length);
  // FFmpeg keeps that much, and the options input and output are compared with what it keeps.
  const name = utf8.decode(bytes.subarray(0, maximumNameBytes));
  if (/\p{Cc}/u.test(name)) throw reader.error(`operand ${index} has a name with control characters`, offset);
  if (name.startsWith('^') || /:\d{1,9}$/.test(name)) {
    throw reader.error(`operand ${index} has the name '${name}', which is no name of a node,`, offset);
  }
  return name;
}

function readDims(reader: NativeReader, index: number): NativeOperand['dims'] {
  const dim = (label: string): number => {
    const offset = reader.position;
    const size = reader.int(`the ${label} of operand ${index}`);
    if (size < -1 || size === 0) throw reader.error(`the ${label} of operand ${index} is ${size}`, offset);
    return size;
  };
  return [dim('batch size'), dim('height'), dim('width'), dim('number of channels')];
}

/**
 * Reads all entries, which stand in any order.
 *
 * @param count entries of the table; it has been compared with the size of the file.
 * @returns operands by index.
 * @throws DnnError `EINVAL` with the byte offset of what is wrong.
 */
export function readOperandTable(reader: NativeReader, count: number): NativeOperand[] {
  const operands = new Array<NativeOperand | undefined>(count);
  const names = new Set<string>();
  for (let entry = 0; entry < count; entry++) {
    const offset = reader.position;
    const index = reader.intWithin('the index of an operand', 0, count - 1);
    if (operands[index] !== undefined) throw reader.error(`operand ${index} is there a second time`, offset);
    const name = readName(reader, index);
    if (names.has(name)) throw reader.error(`'${name}' is the name of a second operand`, offset);
    names.add(name);
    const role = (['input', 'output', 'intermediate'] as const)[
      reader.intWithin(`the kind of operand '${name}'`, 1, 3) - 1
    ]!;
    const typeOffset = reader.position;
    const type = reader.int(`the data type of operand '${name}'`);
    if (type !== 1) {
      throw reader.error(`operand '${name}' has data type ${type} where only 1 (float) can run`, typeOffset);
    }
    const dimsOffset = reader.position;
    const dims = readDims(reader, index);
    if (role === 'input' && dims[0] !== 1) {
      throw reader.error(`input operand '${name}' has a batch of ${dims[0]} instead of 1`, dimsOffset);
    }
    operands[index] = { offset, name, role, dims };
  }
  return operands as NativeOperand[];
}
