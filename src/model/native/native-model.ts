/**
 * The content of a `.model` file of FFmpeg's native backend, as data
 * (libavfilter/dnn/dnn_backend_native_layers.h and dnn_backend_native_layer_*.h of 5.1).
 */

/** The 15 bytes at the start of every file with a header. */
export const nativeMagic = 'FFMPEGDNNNATIVE';

/** Longer operand names are cut to this many bytes by FFmpeg (DnnOperand.name). */
export const maximumNameBytes = 127;

/** Layer type ids (DNNLayerType), by position; 0 is the input, which no file may hold. */
export const layerKinds = [
  'input',
  'conv2d',
  'depth_to_space',
  'mirror_pad',
  'maximum',
  'math_binary',
  'math_unary',
  'avg_pool',
  'dense',
] as const;

/** DNNPaddingParam by value. */
export const paddings = ['VALID', 'SAME', 'SAME_CLAMP_TO_EDGE'] as const;

/** DNNActivationFunc by value, as the names of TensorFlow's ops. */
export const activations = ['Relu', 'Tanh', 'Sigmoid', 'NONE', 'LeakyRelu'] as const;

/** LayerPadMode by value. */
export const padModes = ['CONSTANT', 'REFLECT', 'SYMMETRIC'] as const;

/** DNNMathBinaryOperation by value, as op names of a Graph. */
export const binaryOps = ['Sub', 'Add', 'Mul', 'RealDiv', 'FFmpegMinimum', 'FFmpegFloorMod'] as const;

/** DNNMathUnaryOperation by value, as op names of a Graph. */
export const unaryOps = [
  ...(['Abs', 'Sin', 'Cos', 'Tan', 'Asin', 'Acos', 'Atan', 'Sinh', 'Cosh', 'Tanh'] as const),
  ...(['Asinh', 'Acosh', 'Atanh', 'Ceil', 'Floor', 'FFmpegRound', 'Exp'] as const),
] as const;

/** The slope of the native backend's LEAKY_RELU, as float32: a graph's alpha has that type. */
export const leakyAlpha = Math.fround(0.2);

export type Padding = (typeof paddings)[number];
export type ActivationName = (typeof activations)[number];

/** One side of a math_binary layer: a number in the file, or the index of an operand. */
export type BinarySide = { readonly constant: number } | { readonly operand: number };

/** What every layer has. Offsets are in bytes from the start of the file, for messages. */
interface LayerBase {
  readonly offset: number;
  /** Indices into the operand table. */
  readonly inputs: readonly number[];
  readonly output: number;
}

/** Weights as in the file: `kernel[out][ky][kx][in]`. */
interface Weighted extends LayerBase {
  readonly activation: ActivationName;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernel: Float32Array;
  readonly bias: Float32Array | undefined;
}

export interface ConvLayer extends Weighted {
  readonly kind: 'conv2d';
  readonly dilation: number;
  readonly padding: Padding;
  readonly kernelSize: number;
}

export type NativeLayer =
  | ConvLayer
  | (Weighted & { readonly kind: 'dense' })
  | (LayerBase & { readonly kind: 'depth_to_space'; readonly blockSize: number })
  | (LayerBase & {
      readonly kind: 'mirror_pad';
      readonly mode: 'REFLECT' | 'SYMMETRIC';
      /** Before and after for N, H, W, C. */
      readonly paddings: readonly number[];
    })
  | (LayerBase & { readonly kind: 'maximum'; readonly y: number })
  | (LayerBase & {
      readonly kind: 'math_binary';
      readonly op: (typeof binaryOps)[number];
      readonly sides: readonly [BinarySide, BinarySide];
    })
  | (LayerBase & { readonly kind: 'math_unary'; readonly op: (typeof unaryOps)[number] })
  | (LayerBase & {
      readonly kind: 'avg_pool';
      readonly stride: number;
      readonly padding: 'VALID' | 'SAME';
      readonly kernelSize: number;
    });

/** An entry of the operand table; its index is its place in the list. */
export interface NativeOperand {
  readonly offset: number;
  readonly name: string;
  /** DNNOperandType: 1 input, 2 output, 3 intermediate. */
  readonly role: 'input' | 'output' | 'intermediate';
  /** N, H, W, C; -1 where unknown. */
  readonly dims: readonly [number, number, number, number];
}

export interface NativeModel {
  readonly layers: readonly NativeLayer[];
  readonly operands: readonly NativeOperand[];
}
