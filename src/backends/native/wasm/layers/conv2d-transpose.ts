/**
 * Conv2DBackpropInput, the transposed convolution (tensorflow/core/kernels/conv_grad_input_ops.cc): every
 * stride-th pixel of the output is a direct convolution with every stride-th weight, turned around.
 */
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { Layer, LayerFactory } from '../layer.ts';
import { groupActivation } from './activation.ts';
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

/**
 * The outputs `start`, `start + stride`, … of one direction: they share the weights `tap(0)`, `tap(1)`, ….
 */
interface Phase {
  readonly start: number;
  readonly axis: Axis;
  readonly tap: (index: number) => number;
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}

function phasesOf(spec: LayerSpec, axis: 1 | 2, taps: number): Phase[] {
  const { stride, dilation } = stridesOf(spec.node, axis);
  const image = spec.inputs[0]!;
  const [input, output] = axis === 1 ? [image.height, spec.output.height] : [image.width, spec.output.width];
  // The convolution whose gradient this is goes from the output to the input.
  const padding = paddingOf(spec.node, axis, output, input, taps);
  // From one tap of a phase to the next, in values of the input.
  const step = dilation / greatestCommonDivisor(stride, dilation);
  return Array.from({ length: Math.min(stride, output) }, (_, start) => {
    // Tap k meets these outputs where start + padding - k * dilation is a multiple of the stride: every
    // `period`-th tap does, from the first one that does.
    const own = Array.from({ length: taps }, (_, tap) => tap)
      .filter((tap) => (start + padding - tap * dilation) % stride === 0)
      .reverse();
    const first = own.length === 0 ? 0 : (start + padding - own[0]! * dilation) / stride;
    const outputs = Math.ceil((output - start) / stride);
    return {
      start,
      axis: { taps: own.length, stride: 1, dilation: step, first, input, output: outputs },
      tap: (index) => own[index]!,
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

/**
 * Makes a transposed convolution; weights are `[rows][columns][outputs of a group][inputs]`, with the
 * inputs of each group side by side.
 */
export const conv2dTransposeLayer: LayerFactory = (spec, context) => {
  const { shape, data } = convolutionWeights(spec);
  const [kernelRows, kernelColumns, each, inputs] = shape;
  const image = spec.inputs[0]!;
  const { output, epilogue } = spec;
  const outputs = output.channels;
  const groups = outputs / each;
  const taken = inputs / groups;
  if (inputs !== image.channels || !Number.isInteger(groups) || !Number.isInteger(taken)) {
    const what = `has weights for ${inputs} input and ${each} output channels, but ${image.channels} and ${outputs} in its images`;
    throw convolutionError(spec.node, what);
  }
  const rowPhases = phasesOf(spec, 1, kernelRows);
  const columnPhases = phasesOf(spec, 2, kernelColumns);
  const bias = epilogue.bias ?? new Float32Array(outputs);
  const pack = (rows: Phase, columns: Phase, group: number): PackedConvolution => {
    const first = group * each;
    return packConvolution(
      {
        columns: columns.axis,
        rows: rows.axis.taps,
        rowDilation: rows.axis.dilation,
        inputChannels: inputs,
        firstInput: group * taken,
        inputs: taken,
        outputs: each,
        pixelStep: columnPhases.length * outputs,
        bias: bias.subarray(first, first + each),
        activation: groupActivation(epilogue.activation, first, each, context),
        residualFirst: epilogue.residualFirst === true,
        weight: (ky, kx, i, o) =>
          data[((rows.tap(ky) * kernelColumns + columns.tap(kx)) * each + o) * inputs + group * taken + i]!,
      },
      context,
    );
  };
  const packed = rowPhases.map((rows) =>
    columnPhases.flatMap((columns, x) =>
      Array.from({ length: groups }, (_, group) => ({
        ...pack(rows, columns, group),
        shift: 4 * (x * outputs + group * each),
      })),
    ),
  );
  const { kernels } = context;
  const run: Layer['run'] = (bands, out, from, to, scratch) => {
    for (let y = from; y < to; y++) {
      const phase = y % rowPhases.length;
      const taps = tapsInside(rowPhases[phase]!.axis, Math.floor(y / rowPhases.length));
      const used = taps.to - taps.from;
      const input = used === 0 ? 0 : rowAddress(bands[0]!, image, taps.position);
      const residual = epilogue.residual === undefined ? 0 : rowAddress(bands[epilogue.residual]!, output, y);
      const target = rowAddress(out, output, y);
      for (const { parameters, rowOffsets, shift } of packed[phase]!) {
        const rest = residual === 0 ? 0 : residual + shift;
        kernels.conv2dRow(parameters, input, rowOffsets, used, taps.from, target + shift, rest, scratch);
      }
    }
  };
  return {
    output,
    rowGroup: 1,
    multiplyAdds: image.height * image.width * inputs * kernelRows * kernelColumns * each,
    inputRows: (input, from, to) =>
      epilogueInput(epilogue, input, from, to, () => inputRows(rowPhases, from, to)),
    scratchBytes: () => Math.max(...packed.flat().map(({ scratchBytes }) => scratchBytes)),
    run,
  };
};
