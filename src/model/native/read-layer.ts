/** One layer of a `.model` file (ff_dnn_load_layer_* in libavfilter/dnn/dnn_backend_native_layer_*.c). */
import type { BinarySide, ConvLayer, NativeLayer } from './native-model.ts';
import { activations, binaryOps, layerKinds, padModes, paddings, unaryOps } from './native-model.ts';
import type { NativeReader } from './native-reader.ts';

/** Sizes above this occur only in damaged files; sums of a few of them stay exact. */
const maximumSize = 2 ** 24;

/** What differs between the versions of the format. */
export interface LayerForm {
  /** Conv2d has the fields dilation and padding; without, it keeps the size and repeats the edge. */
  readonly hasPadding: boolean;
  /** Weighted layers say whether they have a bias; without the field they have one. */
  readonly hasBiasField: boolean;
  /** The number of the last layer type that the version knows. */
  readonly lastType: number;
  /** Size of the operand table; 0 where the layers do not name operands and each reads the one before. */
  readonly operands: number;
}

interface Operands {
  readonly inputs: readonly number[];
  readonly output: number;
}

/** Input and output indices; in forms without them, layer n reads operand n and writes n + 1. */
function readOperands(reader: NativeReader, form: LayerForm, index: number): Operands {
  if (form.operands === 0) return { inputs: [index], output: index + 1 };
  const input = reader.intWithin('the input operand', 0, form.operands - 1);
  return { inputs: [input], output: reader.intWithin('the output operand', 0, form.operands - 1) };
}

interface Weights {
  readonly kernel: Float32Array;
  readonly bias: Float32Array | undefined;
}

function readWeights(reader: NativeReader, form: LayerForm, outputs: number, perOutput: number): Weights {
  const hasBias = !form.hasBiasField || reader.int('the bias flag') !== 0;
  const kernel = reader.floats('the weights', outputs * perOutput);
  return { kernel, bias: hasBias ? reader.floats('the bias', outputs) : undefined };
}

type Body = Omit<ConvLayer, 'kind' | 'offset'>;

function readConv(reader: NativeReader, form: LayerForm, index: number): Body {
  const dilation = form.hasPadding ? reader.intWithin('the dilation', 1, maximumSize) : 1;
  const padding = form.hasPadding ? reader.oneOf('the padding', paddings) : 'SAME_CLAMP_TO_EDGE';
  const activation = reader.oneOf('the activation', activations);
  const inChannels = reader.intWithin('the number of input channels', 1, maximumSize);
  const outChannels = reader.intWithin('the number of output channels', 1, maximumSize);
  const offset = reader.position;
  const kernelSize = reader.intWithin('the kernel size', 1, 65536);
  if (kernelSize * dilation > maximumSize) {
    throw reader.error(`the kernel of ${kernelSize} with dilation ${dilation} is too large`, offset);
  }
  const weights = readWeights(reader, form, outChannels, kernelSize * kernelSize * inChannels);
  const operands = readOperands(reader, form, index);
  return { dilation, padding, activation, inChannels, outChannels, kernelSize, ...weights, ...operands };
}

function readDense(reader: NativeReader, form: LayerForm, index: number, offset: number): NativeLayer {
  const activation = reader.oneOf('the activation', activations);
  const inChannels = reader.intWithin('the number of input channels', 1, maximumSize);
  const outChannels = reader.intWithin('the number of output channels', 1, maximumSize);
  const weights = readWeights(reader, form, outChannels, inChannels);
  const operands = readOperands(reader, form, index);
  return { kind: 'dense', offset, activation, inChannels, outChannels, ...weights, ...operands };
}

function readMirrorPad(reader: NativeReader, form: LayerForm, index: number, offset: number): NativeLayer {
  const modeOffset = reader.position;
  const mode = reader.oneOf('the pad mode', padModes);
  if (mode === 'CONSTANT') {
    throw reader.error('a pad layer has mode CONSTANT, whose constant no file holds,', modeOffset);
  }
  const amounts = Array.from({ length: 8 }, (_, index) =>
    // A file describes one image: more of them would have no meaning for the filter.
    reader.intWithin(`padding ${index}`, 0, index < 2 ? 0 : maximumSize),
  );
  return { kind: 'mirror_pad', offset, mode, paddings: amounts, ...readOperands(reader, form, index) };
}

function readSide(reader: NativeReader, form: LayerForm): BinarySide {
  if (reader.int('the constant flag') !== 0) return { constant: reader.float('the constant') };
  return { operand: reader.intWithin('the input operand', 0, form.operands - 1) };
}

function readBinary(reader: NativeReader, form: LayerForm, offset: number): NativeLayer {
  const op = reader.oneOf('the math_binary operation', binaryOps);
  const sides = [readSide(reader, form), readSide(reader, form)] as const;
  const inputs = sides.flatMap((side) => ('operand' in side ? [side.operand] : []));
  if (inputs.length === 0) throw reader.error('a math_binary layer has constants on both sides', offset);
  const output = reader.intWithin('the output operand', 0, form.operands - 1);
  return { kind: 'math_binary', offset, op, sides, inputs, output };
}

function readPool(reader: NativeReader, form: LayerForm, index: number, offset: number): NativeLayer {
  const stride = reader.intWithin('the stride', 1, maximumSize);
  const padding = reader.oneOf('the padding', ['VALID', 'SAME'] as const);
  const kernelSize = reader.intWithin('the kernel size', 1, maximumSize);
  return { kind: 'avg_pool', offset, stride, padding, kernelSize, ...readOperands(reader, form, index) };
}

/**
 * Reads the layer at the reader's position.
 *
 * @param index its number in the file.
 * @throws DnnError `EINVAL` with the byte offset of the field that is wrong.
 */
export function readLayer(reader: NativeReader, form: LayerForm, index: number): NativeLayer {
  const offset = reader.position;
  const type = reader.int(`layer ${index}`);
  const kind = type > form.lastType ? undefined : layerKinds[type];
  switch (kind) {
    case 'conv2d':
      return { kind, offset, ...readConv(reader, form, index) };
    case 'dense':
      return readDense(reader, form, index, offset);
    case 'depth_to_space': {
      const blockSize = reader.intWithin('the block size', 1, 4096);
      return { kind, offset, blockSize, ...readOperands(reader, form, index) };
    }
    case 'mirror_pad':
      return readMirrorPad(reader, form, index, offset);
    case 'maximum':
      return { kind, offset, y: reader.float('the maximum'), ...readOperands(reader, form, index) };
    case 'math_binary':
      return readBinary(reader, form, offset);
    case 'math_unary': {
      const op = reader.oneOf('the math_unary operation', unaryOps);
      return { kind, offset, op, ...readOperands(reader, form, index) };
    }
    case 'avg_pool':
      return readPool(reader, form, index, offset);
    default:
      throw reader.error(`layer ${index} has the unknown type ${type}`, offset);
  }
}
