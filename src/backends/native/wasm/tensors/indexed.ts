/**
 * Look-ups by indices, which may be computed: GatherV2, GatherNd and GatherElements, and the scatters of ONNX
 * (ScatterElements and ScatterND, which are this project's own ops). Negative indices count from the end.
 */
import { intAttr, nodeError, stringAttr } from '../../../../graph/node-attrs.ts';
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { Layer, LayerContext, LayerFactory } from '../layer.ts';
import { allShapes, constantNumbers, layerInputs, valueCount } from '../layers/layer-input.ts';
import { mappedLayer, mapsOf } from './mapped.ts';
import { countOf, stridesOf } from './tensor-strides.ts';
import { wholeLayer } from './whole-layer.ts';

/** How a node looks up: see indexed.ts in wasm/assembly. */
interface Lookup {
  /** Where each run of the values lies without its indices. */
  readonly bases: Int32Array;
  /** Tuples of indices; they repeat. */
  readonly period: number;
  /** Step and size of each index of a tuple. */
  readonly axes: readonly (readonly [step: number, size: number])[];
  readonly run: number;
}

function axisOf(spec: LayerSpec, given: number, rank: number): number {
  const axis = given < 0 ? given + rank : given;
  if (!(axis >= 0 && axis < rank))
    throw nodeError(spec.node, `has axis ${given} for a tensor of rank ${rank}`);
  return axis;
}

/** Indices along one axis, for each place before it. */
function gatherLookup(spec: LayerSpec, values: readonly number[], indices: readonly number[]): Lookup {
  const given = spec.node.op === 'GatherV2' ? (constantNumbers(spec, 2)[0] ?? NaN) : 0;
  const axis = axisOf(spec, given, values.length);
  const [run, size, period] = [countOf(values.slice(axis + 1)), values[axis]!, countOf(indices)];
  const outer = countOf(values.slice(0, axis));
  const bases = Int32Array.from({ length: outer * period }, (_, at) => Math.floor(at / period) * size * run);
  return { bases, period, axes: [[run, size]], run };
}

/** Tuples along the last axis of the indices, behind axes that both have. */
function tupleLookup(spec: LayerSpec, values: readonly number[], indices: readonly number[]): Lookup {
  const batch = intAttr(spec.node, 'batch_dims', 0);
  const depth = indices.at(-1) ?? 1;
  const strides = stridesOf(values);
  const count = countOf(indices.slice(0, -1));
  const perBatch = countOf(indices.slice(batch, -1));
  const each = countOf(values.slice(batch));
  return {
    bases: Int32Array.from({ length: count }, (_, at) => Math.floor(at / perBatch) * each),
    period: count,
    axes: Array.from({ length: depth }, (_, at) => [strides[batch + at]!, values[batch + at]!] as const),
    run: countOf(values.slice(batch + depth)),
  };
}

/** One index for each value, along one axis; its place along the others is its own. */
function elementLookup(spec: LayerSpec, values: readonly number[], indices: readonly number[]): Lookup {
  const axis = axisOf(spec, intAttr(spec.node, 'axis', 0), values.length);
  const strides = stridesOf(values);
  const own = stridesOf(indices);
  const count = countOf(indices);
  const bases = Int32Array.from({ length: count }, (_, at) =>
    own.reduce((base, step, dimension) => {
      const place = Math.floor(at / step) % indices[dimension]!;
      return dimension === axis ? base : base + place * strides[dimension]!;
    }, 0),
  );
  return { bases, period: count, axes: [[strides[axis]!, values[axis]!]], run: 1 };
}

/** Byte addresses of a node's inputs: constants are uploaded. */
function addresses(spec: LayerSpec, context: LayerContext): (sources: readonly number[]) => number[] {
  const inputs = layerInputs(spec).map((input) => {
    if ('stream' in input) return input.stream;
    return { pointer: context.upload(Float32Array.from(input.constant.data, Number)) };
  });
  return (sources) => inputs.map((input) => (typeof input === 'number' ? sources[input]! : input.pointer));
}

function gatherLayer(spec: LayerSpec, context: LayerContext, lookup: Lookup): Layer {
  const { bases, period, axes, run } = lookup;
  if (bases.length * run !== valueCount(spec.output)) {
    throw nodeError(spec.node, 'takes other values than its output has');
  }
  const addressesOf = addresses(spec, context);
  const [base, steps] = [context.upload(bases), context.upload(Int32Array.from(axes.flat()))];
  return wholeLayer(spec, {
    run(sources, dest) {
      const [values, indices] = addressesOf(sources);
      const { length } = bases;
      context.kernels.gatherIndexed(values!, dest, base, indices!, length, period, axes.length, steps, run);
    },
  });
}

/** Gather and GatherV2: constant indices are maps, which need only the rows that they take. */
export const gatherV2Layer: LayerFactory = (spec, context) => {
  if (!spec.constants.has(0) && mapsOf(spec) !== undefined) return mappedLayer(spec, context);
  const [values, indices] = allShapes(spec);
  return gatherLayer(spec, context, gatherLookup(spec, values!, indices!));
};

export const gatherNdLayer: LayerFactory = (spec, context) => {
  const [values, indices] = allShapes(spec);
  return gatherLayer(spec, context, tupleLookup(spec, values!, indices!));
};

export const gatherElementsLayer: LayerFactory = (spec, context) => {
  const [values, indices] = allShapes(spec);
  return gatherLayer(spec, context, elementLookup(spec, values!, indices!));
};

const reductions: Readonly<Record<string, number>> = { none: 0, add: 1, mul: 2, max: 3, min: 4 };

/** The values with updates put in, one after the other; `reduction` joins them with what is there. */
export const scatterLayer: LayerFactory = (spec, context) => {
  const { node } = spec;
  const [values, indices] = allShapes(spec);
  const lookupOf = node.op === 'ScatterND' ? tupleLookup : elementLookup;
  const { bases, axes, run } = lookupOf(spec, values!, indices!);
  const reduction = reductions[stringAttr(node, 'reduction', 'none')];
  if (reduction === undefined) throw nodeError(node, `has reduction '${stringAttr(node, 'reduction', '')}'`);
  const addressesOf = addresses(spec, context);
  const [base, steps] = [context.upload(bases), context.upload(Int32Array.from(axes.flat()))];
  const { kernels } = context;
  return wholeLayer(spec, {
    run(sources, dest) {
      const [data, places, updates] = addressesOf(sources);
      kernels.copyFloats(data!, dest, countOf(values!));
      const { length } = bases;
      kernels.scatterIndexed(updates!, dest, base, places!, length, axes.length, steps, run, reduction);
    },
  });
};
