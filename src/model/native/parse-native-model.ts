/**
 * The forms of a `.model` file: 1.x, 0.x, and those from before the header
 * (libavfilter/dnn/dnn_backend_native.c of FFmpeg 4.1 to 5.1).
 */
import { DnnError } from '../../base/errors.ts';
import type { NativeLayer, NativeModel, NativeOperand } from './native-model.ts';
import { nativeMagic } from './native-model.ts';
import { NativeReader } from './native-reader.ts';
import type { LayerForm } from './read-layer.ts';
import { readLayer } from './read-layer.ts';
import { operandEntryBytes, readOperandTable } from './read-operand-table.ts';

/** Magic, major and minor version. */
const headerBytes = 23;

/** layers_num and operands_num at the end. */
const countBytes = 8;

/** depth_to_space without operands. */
const shortestLayer = 8;

type Form = Omit<LayerForm, 'operands'>;

const form1: Form = { hasPadding: true, hasBiasField: true, lastType: 8 };
/** August to October 2019: layers up to maximum, each convolution with a bias. */
const form0: Form = { hasPadding: true, hasBiasField: false, lastType: 4 };
const form2019: Form = { hasPadding: true, hasBiasField: false, lastType: 2 };
const form2018: Form = { hasPadding: false, hasBiasField: false, lastType: 2 };

/** Layers, operand table and counts, from `start` to the end of the file. */
function parseWithOperands(bytes: Uint8Array, file: string, start: number, form: Form): NativeModel {
  const end = bytes.length - countBytes;
  const counts = new NativeReader(bytes, file, Math.max(end, start));
  const room = Math.max(0, end - start);
  const layerCount = counts.intWithin('the number of layers', 1, Math.floor(room / shortestLayer));
  const operandCount = counts.intWithin('the number of operands', 1, Math.floor(room / operandEntryBytes));
  const reader = new NativeReader(bytes, file, start, end);
  const layers: NativeLayer[] = [];
  while (layers.length < layerCount) {
    layers.push(readLayer(reader, { ...form, operands: operandCount }, layers.length));
  }
  const operands = readOperandTable(reader, operandCount);
  if (reader.left !== 0)
    throw reader.error(`${reader.left} bytes stand behind the operands`, reader.position);
  return { layers, operands };
}

/** The operands of a chain of layers, named as FFmpeg's sr and derain filters of that time ask for them. */
function chainOperands(count: number, channels: number): NativeOperand[] {
  return Array.from({ length: count + 1 }, (_, index): NativeOperand => {
    if (index === 0) return { offset: 0, name: 'x', role: 'input', dims: [1, -1, -1, channels] };
    const last = index === count;
    return {
      offset: 0,
      name: last ? 'y' : `layer${index}`,
      role: last ? 'output' : 'intermediate',
      dims: [-1, -1, -1, -1],
    };
  });
}

/** The number of layers, then the layers, each of which reads what the one before has written. */
function parseChain(bytes: Uint8Array, file: string, form: Form): NativeModel {
  const reader = new NativeReader(bytes, file, 0);
  const count = reader.intWithin('the number of layers', 1, Math.floor(reader.left / shortestLayer));
  const layers: NativeLayer[] = [];
  while (layers.length < count) layers.push(readLayer(reader, { ...form, operands: 0 }, layers.length));
  if (reader.left !== 0) throw reader.error(`${reader.left} bytes stand behind the layers`, reader.position);
  return { layers, operands: chainOperands(count, -1) };
}

/** A file without header fits one of three forms exactly, or none. */
function parseHeaderless(bytes: Uint8Array, file: string): NativeModel {
  const attempts = [
    () => parseChain(bytes, file, form2019),
    () => parseChain(bytes, file, form2018),
    () => parseWithOperands(bytes, file, 0, form0),
  ];
  const failures: DnnError[] = [];
  for (const attempt of attempts) {
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof DnnError)) throw error;
      failures.push(error);
    }
  }
  const offset = Math.max(...failures.map(({ details }) => Number(details['offset'])));
  const furthest = failures.find(({ details }) => details['offset'] === offset)!;
  throw new DnnError(
    'EINVAL',
    `model '${file}' starts like an old model of FFmpeg's native backend (before 4.3, without a header), but fits none ` +
      `of its three forms: ${furthest.message}; give the .pb it was converted from`,
    { option: 'model', file, offset },
    { cause: furthest },
  );
}

/**
 * The layers and operands of a `.model` file of any version.
 *
 * @param file its name, for messages.
 * @throws DnnError `EINVAL` with the byte offset of what is wrong.
 */
export function parseNativeModel(bytes: Uint8Array, file: string): NativeModel {
  const magic = new TextDecoder('latin1').decode(bytes.subarray(0, nativeMagic.length));
  if (magic !== nativeMagic) return parseHeaderless(bytes, file);
  const reader = new NativeReader(bytes, file, nativeMagic.length);
  const major = reader.int('the major version');
  reader.int('the minor version');
  if (major !== 0 && major !== 1) {
    throw reader.error(
      `the major version is ${major}, and only 0 and 1 were ever in use,`,
      nativeMagic.length,
    );
  }
  return parseWithOperands(bytes, file, headerBytes, major === 1 ? form1 : form0);
}
