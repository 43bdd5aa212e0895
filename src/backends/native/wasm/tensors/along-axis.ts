/** Cumsum, ArgMax and ArgMin along one axis of a tensor of any rank. */
import { boolAttr, nodeError } from '../../../../graph/node-attrs.ts';
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { LayerFactory } from '../layer.ts';
import { constantNumbers, inputShape, onlyInput } from '../layers/layer-input.ts';
import { countOf } from './tensor-strides.ts';
import { wholeLayer } from './whole-layer.ts';

/** The tensor as `[outer, size, inner]`, with the axis in the middle. */
interface AlongAxis {
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
}

function alongAxis(spec: LayerSpec): AlongAxis {
  onlyInput(spec);
  const shape = inputShape(spec, 0);
  const given = constantNumbers(spec, 1)[0] ?? NaN;
  const axis = given < 0 ? given + shape.length : given;
  const size = shape[axis];
  if (size === undefined)
    throw nodeError(spec.node, `has axis ${given} for a tensor of rank ${shape.length}`);
  return { outer: countOf(shape.slice(0, axis)), size, inner: countOf(shape.slice(axis + 1)) };
}

export const cumsumLayer: LayerFactory = (spec, { kernels }) => {
  const { outer, size, inner } = alongAxis(spec);
  const exclusive = boolAttr(spec.node, 'exclusive', false);
  const reverse = boolAttr(spec.node, 'reverse', false);
  return wholeLayer(spec, {
    run([source], dest) {
      kernels.cumulate(source!, dest, outer, size, inner, exclusive, reverse);
    },
  });
};

/** The indices are whole numbers; of equal values the first one counts. */
export const extremeIndexLayer: LayerFactory = (spec, { kernels }) => {
  const { outer, size, inner } = alongAxis(spec);
  const minimum = spec.node.op === 'ArgMin';
  return wholeLayer(spec, {
    run([source], dest) {
      kernels.extremeIndex(source!, dest, outer, size, inner, minimum);
    },
  });
};
