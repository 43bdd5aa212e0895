/** Layers over the channels of each pixel: Softmax, LogSoftmax, batch normalisation and CRelu. */
import { boolAttr, floatAttr, intAttr, nodeError, stringAttr } from '../../../../graph/node-attrs.ts';
import type { LayerFactory } from '../layer.ts';
import { constantNumbers, onlyInput } from './layer-input.ts';
import { rowLayer, sameRows } from './row-layer.ts';
import { unsupported } from './unsupported.ts';

export const softmaxLayer: LayerFactory = (spec, { kernels }) => {
  const { width, channels } = onlyInput(spec);
  const logarithm = spec.node.op === 'LogSoftmax';
  return rowLayer(spec, {
    inputRows: sameRows,
    row(y, dest, address) {
      kernels.softmax(logarithm, address(0, y), dest, width, channels);
    },
  });
};

/**
 * Inputs: scale, offset, mean and variance; joined to one scale and one shift a channel, computed in double.
 */
export const batchNormLayer: LayerFactory = (spec, context) => {
  const { node } = spec;
  const { width, channels } = onlyInput(spec);
  if (boolAttr(node, 'is_training', false)) throw unsupported(node, 'is in training mode');
  const format = stringAttr(node, 'data_format', 'NHWC');
  if (format !== 'NHWC') throw unsupported(node, `has data_format ${format}`);
  const epsilon = floatAttr(node, 'epsilon', 1e-4);
  const parts = [1, 2, 3, 4].map((index) => constantNumbers(spec, index));
  if (parts.some((part) => part.length !== channels)) {
    throw nodeError(node, `has other than ${channels} values of scale, offset, mean or variance`);
  }
  const [gamma, beta, mean, variance] = parts as [number[], number[], number[], number[]];
  const scales = gamma.map((value, c) => value / Math.sqrt(variance[c]! + epsilon));
  const scale = context.upload(Float32Array.from(scales));
  const shift = context.upload(Float32Array.from(beta, (value, c) => value - mean[c]! * scales[c]!));
  return rowLayer(spec, {
    inputRows: sameRows,
    row(y, dest, address) {
      context.kernels.scaleShift(address(0, y), dest, width, channels, scale, shift);
    },
  });
};

/** Over the channels up to depth_radius away (tensorflow/core/kernels/lrn_op.cc). */
export const localResponseLayer: LayerFactory = (spec, { kernels }) => {
  const { node } = spec;
  const { width, channels } = onlyInput(spec);
  const radius = intAttr(node, 'depth_radius', 5);
  const [bias, alpha, beta] = [
    floatAttr(node, 'bias', 1),
    floatAttr(node, 'alpha', 1),
    floatAttr(node, 'beta', 0.5),
  ];
  return rowLayer(spec, {
    inputRows: sameRows,
    row(y, dest, address) {
      kernels.localResponse(address(0, y), dest, width, channels, radius, bias, alpha, beta);
    },
  });
};

/** This project's own op: Concat(Relu(x), Relu(-x)) along the channels. */
export const concatenatedReluLayer: LayerFactory = (spec, { kernels }) => {
  const { width, channels } = onlyInput(spec);
  if (spec.output.channels !== 2 * channels) throw nodeError(spec.node, 'does not double the channels');
  return rowLayer(spec, {
    inputRows: sameRows,
    row(y, dest, address) {
      kernels.concatenatedRelu(address(0, y), dest, width, channels);
    },
  });
};
