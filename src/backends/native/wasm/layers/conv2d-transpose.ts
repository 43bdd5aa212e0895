/**
 * Conv2DBackpropInput, the transposed convolution (tensorflow/core/kernels/conv_grad_input_ops.cc): every
 * stride-th pixel of the output is a direct convolution with every stride-th weight, turned around.
 */
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { Layer, LayerFactory } from '../layer.ts';
import { activationSetting } from './activation.ts';
import { packConvolution, type PackedConvolution } from './conv2d-direct.ts';
import {
  convolutionError,
  convolutionWeights,
  paddingOf,
  rowsInside,
  stridesOf,
  tapsInside,
  type Axis,
} from './conv2d-geometry.ts';
import { epilogueInput } from './conv2d-rows.ts';
import { rowAddress } from './layer-input.ts';
import { unsupported } from './unsupported.ts';

/**
 * The outputs `start`, `start + stride`, … of one direction: they share the weights `tap(0)`, `tap(1)`, ….
 */
interface Phase {
  readonly start: number;
  readonly axis: Axis;
  readonly tap: (index: number) => number;
}

function phasesOf(spec: LayerSpec, axis: 1 | 2, taps: number): Phase[] {
  const { stride, dilation } = stridesOf(spec.node, axis);
  if (dilation !== 1) throw unsupported(spec.node, `has dilation ${dilation}`);
  const image = spec.inputs[0]!;
  const [input, output] = axis === 1 ? [image.height, spec.output.height] : [image.width, spec.output.width];
  // The convolution whose gradient this is goes from the output to the input.
  const padding = paddingOf(spec.node, axis, output, input, taps);
  return Array.from({ length: Math.min(stride, output) }, (_, start) => {
    const remainder = (start + padding) % stride;
    const own = Math.max(0, Math.ceil((taps - remainder) / stride));
    const first = Math.floor((start + padding) / stride) - (own - 1);
    const outputs = Math.ceil((output - start) / stride);
    return {
      start,
      axis: { taps: own, stride: 1, dilation: 1, first, input, output: outputs },
      tap: (index) => remainder + (own - 1 - index) * stride,
    };
  });
}

/** Input rows of output rows `from` … `to - 1`: those of all phases. */
function inputRows(phases: readonly Phase[], from: number, to: number): { from: number; to: number } {
  let [first, last] = [Infinity, 0];
  for (const { start, axis } of phases) {
    const stride = phases.length;
    const range = [from, to].map((y) => Math.max(0, Math.ceil((y - start) / stride))) as [number, number];
    const rows = rowsInside(axis, ...range);
    if (rows.from === rows.to) continue;
    first = Math.min(first, rows.from);
    last = Math.max(last, rows.to);
  }
  return first < last ? { from: first, to: last } : { from: 0, to: 0 };
}

/** Makes a transposed convolution; weights are `[rows][columns][outputs][inputs]`. */
export const conv2dTransposeLayer: LayerFactory = (spec, context) => {
  const { shape, data } = convolutionWeights(spec);
  const [kernelRows, kernelColumns, outputs, inputs] = shape;
  const image = spec.inputs[0]!;
  const { output, epilogue } = spec;
  if (inputs !== image.channels || outputs !== output.channels) {
    const what = `has weights for ${inputs} input and ${outputs} output channels, but ${image.channels} and ${output.channels} in its images`;
    throw convolutionError(spec.node, what);
  }
  const rowPhases = phasesOf(spec, 1, kernelRows);
  const columnPhases = phasesOf(spec, 2, kernelColumns);
  const activation = activationSetting(epilogue.activation, outputs, context);
  const bias = epilogue.bias ?? new Float32Array(outputs);
  const pack = (rows: Phase, columns: Phase): PackedConvolution =>
    packConvolution(
      {
        columns: columns.axis,
        rows: rows.axis.taps,
        rowDilation: 1,
        inputChannels: inputs,
        firstInput: 0,
        inputs,
        outputs,
        pixelStep: columnPhases.length * outputs,
        bias,
        activation,
        residualFirst: epilogue.residualFirst === true,
        weight: (ky, kx, i, o) =>
          data[((rows.tap(ky) * kernelColumns + columns.tap(kx)) * outputs + o) * inputs + i]!,
      },
      context,
    );
  const packed = rowPhases.map((rows) => columnPhases.map((columns) => pack(rows, columns)));
  const { kernels } = context;
  const run: Layer['run'] = (bands, out, from, to, scratch) => {
    for (let y = from; y < to; y++) {
      const phase = y % rowPhases.length;
      const taps = tapsInside(rowPhases[phase]!.axis, Math.floor(y / rowPhases.length));
      const used = taps.to - taps.from;
      const input = used === 0 ? 0 : rowAddress(bands[0]!, image, taps.position);
      const residual = epilogue.residual === undefined ? 0 : rowAddress(bands[epilogue.residual]!, output, y);
      const target = rowAddress(out, output, y);
      for (const [x, { parameters, rowOffsets }] of packed[phase]!.entries()) {
        const shift = 4 * x * outputs;
        const rest = residual === 0 ? 0 : residual + shift;
        kernels.conv2dRow(parameters, input, rowOffsets, used, taps.from, target + shift, rest, scratch);
      }
    }
  };
  return {
    output,
    rowGroup: 1,
    multiplyAdds: image.height * image.width * inputs * kernelRows * kernelColumns * outputs,
    inputRows: (input, from, to) =>
      epilogueInput(epilogue, input, from, to, () => inputRows(rowPhases, from, to)),
    scratchBytes: () => Math.max(...packed.flat().map(({ scratchBytes }) => scratchBytes)),
    run,
  };
};
