/** Conv2D and _FusedConv2D, grouped too; libavfilter/dnn/dnn_backend_native_layer_conv2d.c. */
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { Layer, LayerFactory, RowBand } from '../layer.ts';
import { groupActivation } from './activation.ts';
import { packConvolution, type PackedConvolution } from './conv2d-direct.ts';
import { axisOf, convolutionError, convolutionWeights, rowsInside, tapsInside } from './conv2d-geometry.ts';
import { joinedLayer } from './conv2d-joined.ts';
import { pixelsBytes, restBytes, rowsTogether, writePixels } from './conv2d-pixels.ts';
import { epilogueInput } from './conv2d-rows.ts';
import { depthwiseLayer } from './depthwise.ts';
import { suitsWinograd, winogradLayer } from './conv2d-winograd.ts';
import { rowAddress } from './layer-input.ts';
import { negatedHalf } from './negated-half.ts';

/** Channels of each group: the weights' input channels divide the image's. */
function groupsOf(spec: LayerSpec, perGroup: number, outputs: number): number {
  const channels = spec.inputs[0]!.channels * (spec.joined ?? 1);
  const groups = channels / perGroup;
  if (!Number.isInteger(groups) || outputs % groups !== 0 || outputs !== spec.output.channels) {
    const what = `has weights for ${perGroup} input and ${outputs} output channels, but ${channels} and ${spec.output.channels} in its images`;
    throw convolutionError(spec.node, what);
  }
  return groups;
}

/**
 * A convolution of one input channel a group as the depthwise one that it is: its weights lie in the same
 * order.
 */
function oneInputEach(spec: LayerSpec, groups: number): LayerSpec {
  const weights = spec.constants.get(1)!;
  const [rows, columns, , outputs] = weights.shape as [number, number, number, number];
  const shape = [rows, columns, groups, outputs / groups];
  return { ...spec, constants: new Map([...spec.constants, [1, { ...weights, shape }]]) };
}

/** Makes a convolution of any window, stride, dilation, padding and number of channels. */
export const conv2dLayer: LayerFactory = (given, context) => {
  const whole = convolutionWeights(given);
  const groups = groupsOf(given, whole.shape[2], whole.shape[3]);
  const half = groups === 1 ? negatedHalf(whole, given.epilogue) : undefined;
  const spec = { ...given, epilogue: half?.epilogue ?? given.epilogue };
  const weights = half?.weights ?? whole;
  if (spec.joined !== undefined) return joinedLayer(spec, spec.joined, weights, context);
  const { shape, data } = weights;
  if (groups > 1 && shape[2] === 1) return depthwiseLayer(oneInputEach(spec, groups), context);
  const [kernelRows, kernelColumns, inputs, outputs] = shape;
  const rows = axisOf(spec, 1, kernelRows);
  const columns = axisOf(spec, 2, kernelColumns);
  const convolution = { weights, rows, columns };
  if (groups === 1 && suitsWinograd(convolution, context.kernelChoice)) {
    return winogradLayer(spec, convolution, context);
  }
  const image = spec.inputs[0]!;
  const { output, epilogue } = spec;
  const each = outputs / groups;
  const bias = epilogue.bias ?? new Float32Array(outputs);
  const pack = (group: number): PackedConvolution => {
    const first = group * each;
    return packConvolution(
      {
        columns,
        rows: kernelRows,
        rowDilation: rows.dilation,
        inputChannels: image.channels,
        firstInput: group * inputs,
        inputs,
        outputs: each,
        pixelStep: output.channels,
        bias: bias.subarray(first, first + each),
        activation: groupActivation(epilogue.activation, first, each, context),
        residualFirst: epilogue.residualFirst === true,
        weight: (ky, kx, i, o) => data[((ky * kernelColumns + kx) * inputs + i) * outputs + first + o]!,
      },
      context,
    );
  };
  const packed = Array.from({ length: groups }, (_, group) => pack(group));
  const { kernels } = context;
  const isPointwise =
    kernelRows * kernelColumns === 1 &&
    [rows, columns].every(
      ({ stride, first, input, output: length }) => stride === 1 && first === 0 && input === length,
    );
  const together = rowsTogether(image.width, image.channels);
  const pixelBytes = 4 * image.channels;
  const runPixels: Layer['run'] = (bands, out, from, to, scratch) => {
    for (let y = from; y < to; y += together) {
      const pixels = Math.min(together, to - y) * image.width;
      const input = rowAddress(bands[0]!, image, y);
      const residual = epilogue.residual === undefined ? 0 : rowAddress(bands[epilogue.residual]!, output, y);
      const target = rowAddress(out, output, y);
      for (const [group, convolution] of packed.entries()) {
        const shift = 4 * group * each;
        const rest = residual === 0 ? 0 : residual + shift;
        writePixels(kernels, convolution, pixels, pixelBytes, scratch);
        const { rowOffsets } = convolution;
        kernels.conv2dRow(scratch, input, rowOffsets, 1, 0, target + shift, rest, scratch + pixelsBytes);
      }
    }
  };
  const run: Layer['run'] = (bands: readonly RowBand[], out, from, to, scratch) => {
    for (let y = from; y < to; y++) {
      const taps = tapsInside(rows, y);
      const used = taps.to - taps.from;
      const input = used === 0 ? 0 : rowAddress(bands[0]!, image, taps.position);
      const residual = epilogue.residual === undefined ? 0 : rowAddress(bands[epilogue.residual]!, output, y);
      const target = rowAddress(out, output, y);
      for (const [group, { parameters, rowOffsets }] of packed.entries()) {
        const shift = 4 * group * each;
        const rest = residual === 0 ? 0 : residual + shift;
        kernels.conv2dRow(parameters, input, rowOffsets, used, taps.from, target + shift, rest, scratch);
      }
    }
  };
  return {
    output,
    rowGroup: 1,
    multiplyAdds: output.height * output.width * outputs * kernelRows * kernelColumns * inputs,
    inputRows: (input, from, to) =>
      epilogueInput(epilogue, input, from, to, () => rowsInside(rows, from, to)),
    scratchBytes: () =>
      isPointwise
        ? pixelsBytes + restBytes(1, pixelBytes)
        : Math.max(...packed.map(({ scratchBytes }) => scratchBytes)),
    run: isPointwise ? runPixels : run,
  };
};
