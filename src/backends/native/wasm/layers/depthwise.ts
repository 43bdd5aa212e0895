/**
 * DepthwiseConv2dNative and its fused form (tensorflow/core/kernels/depthwise_conv_op.cc), any multiplier.
 */
import type { Layer, LayerFactory } from '../layer.ts';
import { activationSetting, paddedToEight } from './activation.ts';
import { axisOf, convolutionError, convolutionWeights, rowsInside, tapsInside } from './conv2d-geometry.ts';
import { epilogueInput } from './conv2d-rows.ts';
import { rowAddress } from './layer-input.ts';

/** Makes a depthwise convolution: output channel c comes from input channel c / multiplier alone. */
export const depthwiseLayer: LayerFactory = (spec, context) => {
  const { shape, data } = convolutionWeights(spec);
  const [kernelRows, kernelColumns, inputs, multiplier] = shape;
  const image = spec.inputs[0]!;
  const { output, epilogue } = spec;
  if (inputs !== image.channels || inputs * multiplier !== output.channels) {
    const what = `has weights for ${inputs} channels times ${multiplier}, but ${image.channels} and ${output.channels} in its images`;
    throw convolutionError(spec.node, what);
  }
  const rows = axisOf(spec, 1, kernelRows);
  const columns = axisOf(spec, 2, kernelColumns);
  const { kernels } = context;
  // [row][column][input][multiplier] is what the kernel reads.
  const weights = context.upload(data);
  const bias = context.upload(paddedToEight(epilogue.bias ?? new Float32Array(output.channels)));
  const { mode, low, high, slopes } = activationSetting(epilogue.activation, output.channels, context);
  const residualFirst = epilogue.residualFirst === true;
  const rowStep = 4 * rows.dilation * image.width * image.channels;
  const run: Layer['run'] = (bands, out, from, to) => {
    for (let y = from; y < to; y++) {
      const taps = tapsInside(rows, y);
      const used = taps.to - taps.from;
      const target = rowAddress(out, output, y);
      kernels.depthwiseRow(
        used === 0 ? 0 : rowAddress(bands[0]!, image, taps.position),
        used,
        rowStep,
        weights + 4 * taps.from * kernelColumns * output.channels,
        bias,
        target,
        output.channels,
        multiplier,
        output.width,
        image.width,
        columns.first,
        columns.stride,
        columns.taps,
        columns.dilation,
      );
      const residual = epilogue.residual === undefined ? 0 : rowAddress(bands[epilogue.residual]!, output, y);
      if (mode !== 0 || residual !== 0) {
        kernels.activateRow(
          mode,
          target,
          residual,
          residualFirst,
          output.width,
          output.channels,
          low,
          high,
          slopes,
        );
      }
    }
  };
  return {
    output,
    rowGroup: 1,
    multiplyAdds: output.height * output.width * output.channels * kernelRows * kernelColumns,
    inputRows: (input, from, to) =>
      epilogueInput(epilogue, input, from, to, () => rowsInside(rows, from, to)),
    scratchBytes: () => 0,
    run,
  };
};
