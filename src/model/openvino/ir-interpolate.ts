/** Interpolate of OpenVINO's opsets 1, 4 and 11 as TensorFlow's resize ops, where both give the same. */
import { intType } from '../../graph/node-builder.ts';
import {
  coordinate,
  linearFlags,
  nearestFlags,
  type Lengths,
  type ResizeWay,
} from '../channels-first/resize-variants.ts';
import type { IrRule, IrTranslation } from './ir-translation.ts';

/** Opset 1 is opset 4 in other words (transformations · ConvertInterpolate1ToInterpolate4). */
function resizeOf(layer: IrTranslation): ResizeWay {
  const mode = layer.text('mode').toLowerCase();
  if (layer.layer.opset === 'opset1') {
    const corners = layer.flag('align_corners', true);
    const coordinates = corners ? 'align_corners' : 'asymmetric';
    return { mode, coordinates, nearest: 'simple', antialias: layer.flag('antialias', true) };
  }
  return {
    mode,
    coordinates: layer.text('coordinate_transformation_mode', 'half_pixel').toLowerCase(),
    nearest: layer.text('nearest_mode', 'round_prefer_floor').toLowerCase(),
    antialias: layer.flag('antialias', false),
  };
}

/** Scales of height and width where the layer gives scales, else undefined. */
function scalesOf(layer: IrTranslation): number[] | undefined {
  if (layer.layer.opset === 'opset1' || layer.text('shape_calculation_mode', 'sizes') !== 'scales')
    return undefined;
  return layer.constant(layer.layer.opset === 'opset11' ? 1 : 2, 'scales');
}

function axesOf(layer: IrTranslation): number[] {
  const rank = layer.rank(0);
  if (rank !== 4) throw layer.unsupported(`of a tensor of rank ${rank}`);
  const [at, opset] = [layer.layer.opset === 'opset11' ? 2 : 3, layer.layer.opset];
  const given =
    opset === 'opset1'
      ? layer.ints('axes')
      : layer.inputs.length > at
        ? layer.constant(at, 'axes')
        : [0, 1, 2, 3];
  return given.map((axis) => (axis < 0 ? axis + rank : axis));
}

/** The new height and width: a tensor of two ints, and both where they are known. */
function sizesOf(
  layer: IrTranslation,
  spatial: readonly [number, number],
  scales: readonly number[] | undefined,
): { readonly input: string; readonly lengths: readonly Lengths[] } {
  const shape = layer.shape(0)!;
  if (scales === undefined) {
    const known = layer.tensor(1) === undefined ? undefined : layer.constant(1, 'sizes');
    if (known === undefined) {
      const order = layer.addInts([...spatial]);
      return {
        input: layer.add('GatherV2', [layer.input(1), order, layer.addInts(0)], intType),
        lengths: [],
      };
    }
    const lengths = spatial.map((axis, at) => ({ from: shape[at + 2]!, to: known[axis] ?? NaN }));
    if (lengths.some(({ to }) => !(to >= 1))) throw layer.error(`has the sizes ${known.join(', ')}`);
    return { input: layer.addInts(lengths.map(({ to }) => to)), lengths };
  }
  const factors = spatial.map((axis) => scales[axis] ?? NaN);
  if (factors.some((factor) => !(factor > 0 && factor <= 65536))) {
    throw layer.error(`has the scales ${scales.join(', ')}`);
  }
  const lengths = factors.map((factor, at): Lengths => {
    const from = shape[at + 2]!;
    if (from < 0 && !Number.isInteger(factor)) throw layer.unsupported(`by ${factor} for frames of any size`);
    if (from >= 0 && !Number.isInteger(from * factor))
      throw layer.unsupported(`of ${from} values by ${factor}`);
    return { from, to: from < 0 ? -factor : from * factor };
  });
  if (lengths.every(({ from }) => from >= 0))
    return { input: layer.addInts(lengths.map(({ to }) => to)), lengths };
  const sizes = lengths.map(({ from, to }, at) => {
    if (from >= 0) return layer.addInts(to);
    return layer.add('Mul', [layer.sizeOf(0, at + 2), layer.addInts(-to)], intType);
  });
  const input = layer.add('Pack', sizes, { ...intType, N: 2, axis: 0 });
  // A whole factor repeats its pattern: one length shows it, edges included.
  return {
    input,
    lengths: lengths.map(({ from, to }) => (from < 0 ? { from: 8, to: -to * 8 } : { from, to })),
  };
}

const interpolate: IrRule = (layer) => {
  const resize = resizeOf(layer);
  const axes = axesOf(layer);
  const scales = scalesOf(layer);
  const spatial = [axes.indexOf(2), axes.indexOf(3)] as const;
  if (spatial.includes(-1)) throw layer.unsupported(`along the axes ${axes.join(', ')}`);
  for (const [at, axis] of axes.entries()) {
    if (axis === 2 || axis === 3) continue;
    const same =
      scales === undefined ? layer.constant(1, 'sizes')[at] === layer.shape(0)![axis] : scales[at] === 1;
    if (!same) throw layer.unsupported(`along the axes ${axes.join(', ')}`);
  }
  const pads = [...layer.ints('pads_begin', [0]), ...layer.ints('pads_end', [0])];
  if (pads.some((amount) => amount !== 0)) throw layer.unsupported('with pads');
  if (coordinate(resize.coordinates, 0, { from: 1, to: 1 }) === undefined) {
    throw layer.error(`has coordinate_transformation_mode='${resize.coordinates}'`);
  }
  const isNearest = resize.mode === 'nearest';
  if (!isNearest && resize.mode !== 'linear' && resize.mode !== 'linear_onnx') {
    throw layer.unsupported(`with mode=${resize.mode}`);
  }
  const { input: size, lengths } = sizesOf(layer, spatial, scales);
  const known = lengths.length > 0 && lengths.every(({ from }) => from >= 0);
  if (!isNearest && resize.antialias && (!known || lengths.some(({ from, to }) => to < from))) {
    throw layer.unsupported('with antialias');
  }
  const flags = isNearest
    ? known
      ? nearestFlags(resize, lengths)
      : undefined
    : linearFlags(resize, lengths);
  if (flags === undefined) {
    const detail = isNearest ? ` and nearest_mode=${resize.nearest}` : '';
    throw layer.unsupported(`with coordinate_transformation_mode=${resize.coordinates}${detail}`);
  }
  const last = layer.addTranspose(layer.input(0), [0, 2, 3, 1]);
  const op = isNearest ? 'ResizeNearestNeighbor' : 'ResizeBilinear';
  return layer.addTranspose(layer.add(op, [last, size], { ...flags }), [0, 3, 1, 2]);
};

export const interpolateLayers: Readonly<Record<string, IrRule>> = { Interpolate: interpolate };
