/** MatMul and BatchMatMul of two matrices that change, or of a constant one and one that changes. */
import { boolAttr, nodeError, stringsAttr } from '../../../../graph/node-attrs.ts';
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { LayerContext, LayerFactory, RowBand } from '../layer.ts';
import { broadcastRows } from './broadcast.ts';
import { allShapes, layerInputs, outputShape, rowAddress, type LayerInput } from './layer-input.ts';
import { broadcastIndices, withRank } from '../tensors/tensor-strides.ts';
import { unsupported } from './unsupported.ts';

/** Columns that the kernel takes together. */
const panel = 8;

/** The matrices of one operand: one a row of the image, or one for all rows. */
interface Operand {
  readonly rows: number;
  readonly columns: number;
  readonly transposed: boolean;
  /** True where every row of the output takes the same matrix. */
  readonly isShared: boolean;
  addressOf(bands: readonly RowBand[], y: number): number;
}

function operandOf(
  spec: LayerSpec,
  context: LayerContext,
  input: LayerInput,
  shape: readonly number[],
  transposed: boolean,
): Operand {
  const { size } = input;
  const whole = outputShape(spec);
  const places =
    size.height === 1 || size.height === spec.output.height
      ? undefined
      : broadcastIndices(withRank(shape, whole.length).slice(0, -2), whole.slice(0, -2));
  if (size.height !== 1 && size.height !== spec.output.height && places === undefined) {
    throw nodeError(spec.node, `multiplies ${size.height} matrices into ${spec.output.height}`);
  }
  const isShared = size.height === 1;
  const rowAt = (y: number): number => (isShared ? 0 : (places?.[y] ?? y));
  const [rows, columns] = transposed ? [size.channels, size.width] : [size.width, size.channels];
  const matrix = { rows, columns, transposed, isShared };
  if ('stream' in input) {
    const { stream } = input;
    return { ...matrix, addressOf: (bands, y) => rowAddress(bands[stream]!, size, rowAt(y)) };
  }
  const pointer = context.upload(Float32Array.from(input.constant.data, Number));
  const bytes = 4 * size.width * size.channels;
  return { ...matrix, addressOf: (_bands, y) => pointer + rowAt(y) * bytes };
}

function align(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}

/**
 * A matrix lies in one row of an image: its rows are the pixels, its columns the channels; the row's number
 * is that of the matrix in a batch of them.
 *
 * @throws DnnError `EINVAL` where the sizes do not fit, `ENOSYS` where something is fused into the product.
 */
export const matrixProductLayer: LayerFactory = (spec, context) => {
  const { node, output } = spec;
  const { kernels } = context;
  if (stringsAttr(node, 'fused_ops').some((op) => op !== '')) {
    throw unsupported(node, 'has something fused into a product of two inputs that change');
  }
  const [one, other] = layerInputs(spec);
  if (one === undefined || other === undefined) throw nodeError(node, 'multiplies fewer than two matrices');
  const shapes = allShapes(spec);
  const isTransposed = (...names: string[]): boolean => names.some((name) => boolAttr(node, name, false));
  const left = operandOf(spec, context, one, shapes[0]!, isTransposed('transpose_a', 'adj_x'));
  const right = operandOf(spec, context, other, shapes[1]!, isTransposed('transpose_b', 'adj_y'));
  const { rows: pixels, columns: depth } = left;
  const outputs = right.columns;
  if (right.rows !== depth || output.width !== pixels || output.channels !== outputs) {
    throw nodeError(
      node,
      `multiplies ${pixels}x${depth} with ${right.rows}x${outputs} into ${output.width}x${output.channels}`,
    );
  }
  const panels = Math.ceil(outputs / panel);
  const zeros = context.upload(new Float32Array(panels * panel));
  const packedBytes = align(4 * panels * panel * depth);
  /** The left matrix in the order of its rows. */
  const turned = (address: number, scratch: number): number => {
    if (!left.transposed) return address;
    kernels.packPanels(address, scratch, pixels, depth, 1, pixels, depth);
    return scratch;
  };
  return {
    output,
    rowGroup: 1,
    multiplyAdds: output.height * pixels * depth * outputs,
    inputRows: broadcastRows(spec),
    scratchBytes: () => packedBytes + (left.transposed ? align(4 * pixels * depth) : 0),
    run(bands, band, from, to, scratch): void {
      const [rowStep, columnStep] = right.transposed ? [1, depth] : [outputs, 1];
      for (let y = from; y < to; y++) {
        if (y === from || !right.isShared) {
          const address = right.addressOf(bands, y);
          kernels.packPanels(address, scratch, depth, outputs, rowStep, columnStep, panel);
        }
        const source = turned(left.addressOf(bands, y), scratch + packedBytes);
        kernels.matMul(source, scratch, zeros, rowAddress(band, output, y), pixels, depth, outputs);
      }
    },
  };
};
