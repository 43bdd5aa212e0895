/**
 * DepthToSpace and SpaceToDepth, NHWC (libavfilter/dnn/dnn_backend_native_layer_depth2space.c), and this
 * project's own PixelShuffle and PixelUnshuffle, which have the pixels of a block beside each other in each
 * channel (PyTorch's names; mode CRD in ONNX, depth_first in OpenVINO).
 */
import { intAttr, nodeError, stringAttr } from '../../../../graph/node-attrs.ts';
import type { ImageSize, LayerSpec } from '../../lowering/layer-spec.ts';
import type { LayerFactory } from '../layer.ts';
import { uploadRuns } from './copy-runs.ts';
import { onlyInput } from './layer-input.ts';
import { noRows, rowLayer } from './row-layer.ts';
import { unsupported } from './unsupported.ts';

/** The block size, after a check that the large image is the small one with its channels moved into space. */
function blockOf(spec: LayerSpec, small: ImageSize, large: ImageSize): number {
  const { node } = spec;
  const format = stringAttr(node, 'data_format', 'NHWC');
  if (format !== 'NHWC') throw unsupported(node, `has data_format ${format}`);
  const block = intAttr(node, 'block_size', 0);
  if (
    block < 1 ||
    small.channels !== large.channels * block * block ||
    small.height * block !== large.height ||
    small.width * block !== large.width
  ) {
    throw nodeError(node, `has block size ${block} and ${small.channels} channels on the deep side`);
  }
  return block;
}

export const depthToSpaceLayer: LayerFactory = (spec, context) => {
  const input = onlyInput(spec);
  const block = blockOf(spec, input, spec.output);
  const length = block * spec.output.channels;
  const pixels = Array.from({ length: input.width }, (_, x) => ({
    dest: x * length,
    source: x * input.channels,
    length,
  }));
  const { pointer, count } = uploadRuns(context, pixels);
  return rowLayer(spec, {
    inputRows: (_, from, to) =>
      to <= from ? noRows : { from: Math.floor(from / block), to: Math.ceil(to / block) },
    row(y, dest, address) {
      const source = address(0, Math.floor(y / block)) + 4 * (y % block) * length;
      context.kernels.copyBlocks(pointer, count, source, dest);
    },
  });
};

export const spaceToDepthLayer: LayerFactory = (spec, context) => {
  const input = onlyInput(spec);
  const block = blockOf(spec, spec.output, input);
  const length = block * input.channels;
  const pixels = Array.from({ length: spec.output.width }, (_, x) => ({
    dest: x * spec.output.channels,
    source: x * length,
    length,
  }));
  const { pointer, count } = uploadRuns(context, pixels);
  return rowLayer(spec, {
    inputRows: (_, from, to) => ({ from: from * block, to: to * block }),
    row(y, dest, address) {
      for (let by = 0; by < block; by++) {
        context.kernels.copyBlocks(pointer, count, address(0, y * block + by), dest + 4 * by * length);
      }
    },
  });
};

export const pixelShuffleLayer: LayerFactory = (spec, context) => {
  const input = onlyInput(spec);
  const { output } = spec;
  const block = blockOf(spec, input, output);
  const pixels = block * block;
  // One record for each channel and column of the block: these values of all pixels lie evenly apart.
  const words = Array.from({ length: block * output.channels }, (_, index) => {
    const [column, channel] = [Math.floor(index / output.channels), index % output.channels];
    return [index, channel * pixels + column, 1, input.width, block * output.channels, input.channels];
  });
  const pointer = context.upload(Int32Array.from(words.flat()));
  return rowLayer(spec, {
    inputRows: (_, from, to) =>
      to <= from ? noRows : { from: Math.floor(from / block), to: Math.ceil(to / block) },
    row(y, dest, address) {
      const source = address(0, Math.floor(y / block)) + 4 * (y % block) * block;
      context.kernels.copyBlocks(pointer, words.length, source, dest);
    },
  });
};

export const pixelUnshuffleLayer: LayerFactory = (spec, context) => {
  const input = onlyInput(spec);
  const { output } = spec;
  const block = blockOf(spec, output, input);
  const pixels = block * block;
  const words = Array.from({ length: block * input.channels }, (_, index) => {
    const [column, channel] = [Math.floor(index / input.channels), index % input.channels];
    return [channel * pixels + column, index, 1, output.width, output.channels, block * input.channels];
  });
  const pointer = context.upload(Int32Array.from(words.flat()));
  return rowLayer(spec, {
    inputRows: (_, from, to) => ({ from: from * block, to: to * block }),
    row(y, dest, address) {
      for (let by = 0; by < block; by++) {
        const source = address(0, y * block + by);
        context.kernels.copyBlocks(pointer, words.length, source, dest + 4 * by * block);
      }
    },
  });
};
