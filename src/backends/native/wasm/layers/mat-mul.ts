/**
 * MatMul with constant weights over the channels of each pixel
 * (libavfilter/dnn/dnn_backend_native_layer_dense.c).
 */
import { boolAttr, nodeError } from '../../../../graph/node-attrs.ts';
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { LayerFactory } from '../layer.ts';
import { binaryCodes } from './binary.ts';
import { broadcastRows } from './broadcast.ts';
import { matrixProductLayer } from './matrix-product.ts';
import { rowLayer } from './row-layer.ts';
import { activate } from './unary.ts';
import { unsupported } from './unsupported.ts';

/** The weights as the kernel reads them: `[outputs / 8][depth][8]` with zeros behind the last output. */
function packed(spec: LayerSpec, depth: number, outputs: number): Float32Array {
  const { node } = spec;
  const weights = spec.constants.get(1);
  if (weights === undefined) throw nodeError(node, 'has no constant weights');
  if (boolAttr(node, 'transpose_a', false) || boolAttr(node, 'adj_x', false)) {
    throw unsupported(node, 'transposes its input');
  }
  const transposed = boolAttr(node, 'transpose_b', boolAttr(node, 'adj_y', false));
  const { shape, data } = weights;
  const [rows, columns] = transposed ? [outputs, depth] : [depth, outputs];
  if (shape.at(-2) !== rows || shape.at(-1) !== columns || data.length !== depth * outputs) {
    throw nodeError(node, `has weights of ${shape.join('x')} for ${depth} channels in and ${outputs} out`);
  }
  const result = new Float32Array(Math.ceil(outputs / 8) * 8 * depth);
  for (let out = 0; out < outputs; out++) {
    for (let k = 0; k < depth; k++) {
      const value = Number(data[transposed ? out * depth + k : k * outputs + out]);
      result[((out >> 3) * depth + k) * 8 + (out & 7)] = value;
    }
  }
  return result;
}

/** True where bias, activation or residual are computed with the product. */
function hasEpilogue({ epilogue }: LayerSpec): boolean {
  const { bias, activation, residual } = epilogue;
  return bias !== undefined || activation.kind !== 'none' || residual !== undefined;
}

/**
 * A product with constant weights, or of two inputs of which the second one changes.
 *
 * @throws DnnError `EINVAL` for weights of another size, `ENOSYS` for a transposed input of constant weights.
 */
export const matMulLayer: LayerFactory = (spec, context) => {
  const weightShape = spec.constants.get(1)?.shape;
  const isOne = weightShape !== undefined && weightShape.slice(0, -2).every((size) => size === 1);
  const turnsInput = boolAttr(spec.node, 'transpose_a', false) || boolAttr(spec.node, 'adj_x', false);
  if (!isOne || (turnsInput && !hasEpilogue(spec))) return matrixProductLayer(spec, context);
  const { kernels } = context;
  const { output, epilogue } = spec;
  const { bias, activation, residual, residualFirst } = epilogue;
  const [input] = spec.inputs;
  if (input?.height !== output.height || input.width !== output.width) {
    throw nodeError(spec.node, 'has an output of other pixels than its input');
  }
  const [depth, outputs, pixels] = [input.channels, output.channels, output.width];
  const weights = context.upload(() => packed(spec, depth, outputs));
  const biases = new Float32Array(Math.ceil(outputs / 8) * 8);
  biases.set(bias ?? []);
  const biasPointer = context.upload(biases);
  const slopes = activation.kind === 'prelu' ? context.upload(activation.slopes) : undefined;
  const count = pixels * outputs;
  return rowLayer(spec, {
    multiplyAdds: output.height * pixels * depth * outputs,
    inputRows: broadcastRows(spec),
    row(y, dest, address) {
      kernels.matMul(address(0, y), weights, biasPointer, dest, pixels, depth, outputs);
      const add = (): void => {
        if (residual === undefined) return;
        kernels.binary(binaryCodes['Add']!, dest, address(residual, y), dest, 1, count, 0, 1, 0, 1);
      };
      if (residualFirst === true) add();
      activate(kernels, activation, dest, count);
      if (slopes !== undefined) {
        kernels.binary(binaryCodes['Prelu']!, dest, slopes, dest, pixels, outputs, outputs, 1, 0, 1);
      }
      if (residualFirst !== true) add();
    },
  });
};
