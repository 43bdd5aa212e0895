/**
 * Conv2D of 1x1 over several tensors side by side: each is a row of the window, wherever its own rows lie.
 */
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { Layer, LayerContext } from '../layer.ts';
import { activationSetting } from './activation.ts';
import { packConvolution } from './conv2d-direct.ts';
import { axisOf, type Weights } from './conv2d-geometry.ts';
import { pixelsBytes, restBytes, rowsTogether, writePixels } from './conv2d-pixels.ts';
import { rowAddress } from './layer-input.ts';

/** @param joined number of the tensors, as in LayerSpec; the weights are those of all of their channels. */
export function joinedLayer(
  spec: LayerSpec,
  joined: number,
  { shape, data }: Weights,
  context: LayerContext,
): Layer {
  const { output, epilogue } = spec;
  const image = spec.inputs[0]!;
  const outputs = shape[3];
  const packed = packConvolution(
    {
      columns: axisOf(spec, 2, 1),
      rows: joined,
      rowDilation: 1,
      inputChannels: image.channels,
      firstInput: 0,
      inputs: image.channels,
      outputs,
      pixelStep: output.channels,
      bias: epilogue.bias ?? new Float32Array(outputs),
      activation: activationSetting(epilogue.activation, outputs, context),
      residualFirst: epilogue.residualFirst === true,
      weight: (tensor, _, i, o) => data[(tensor * image.channels + i) * outputs + o]!,
    },
    context,
  );
  const tableBytes = 16 * Math.ceil(joined / 4);
  const together = rowsTogether(image.width, image.channels * joined);
  const pixelBytes = 4 * image.channels;
  const { kernels } = context;
  return {
    output,
    rowGroup: 1,
    multiplyAdds: output.height * output.width * outputs * joined * image.channels,
    inputRows: (_, from, to) => ({ from, to }),
    scratchBytes: () => tableBytes + pixelsBytes + restBytes(joined, pixelBytes),
    run(bands, out, from, to, scratch) {
      const addresses = new Int32Array(kernels.memory.buffer, scratch, joined);
      const block = scratch + tableBytes;
      for (let y = from; y < to; y += together) {
        for (let at = 0; at < joined; at++) addresses[at] = rowAddress(bands[at]!, image, y);
        const { residual } = epilogue;
        const rest = residual === undefined ? 0 : rowAddress(bands[residual]!, output, y);
        const target = rowAddress(out, output, y);
        writePixels(kernels, packed, Math.min(together, to - y) * image.width, pixelBytes, block);
        kernels.conv2dRow(block, 0, scratch, joined, 0, target, rest, block + pixelsBytes);
      }
    },
  };
}
