/**
 * Slices, paddings, tiles, broadcasts, reversals and look-ups by constant indices: axis by axis, of any
 * rank.
 */
import { nodeError } from '../../../../graph/node-attrs.ts';
import { RuleContext } from '../../../../graph/shapes/rule-context.ts';
import { axisMaps, type AxisMaps } from '../../../../graph/values/axis-maps.ts';
import { valueOfTensor } from '../../../../graph/values/known-value.ts';
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { LayerFactory } from '../layer.ts';
import { gatherLayer, type GatherMaps } from '../layers/gather.ts';
import { inputShape } from '../layers/layer-input.ts';
import { unsupported } from '../layers/unsupported.ts';

/** The maps of height, width and channels: all axes before the last two together are the height. */
function imageMaps({ input, maps }: AxisMaps): GatherMaps {
  const [columns, channels] = [maps.at(-2) ?? [0], maps.at(-1) ?? [0]];
  let rows = [0];
  for (const [axis, map] of maps.slice(0, -2).entries()) {
    const size = input[axis]!;
    rows = rows.flatMap((row) => map.map((index) => (row < 0 || index < 0 ? -1 : row * size + index)));
  }
  return { rows, columns, channels };
}

/**
 * What a node with one input that changes, the first one, takes of it; undefined where it does not say so.
 */
export function mapsOf(spec: LayerSpec): AxisMaps | undefined {
  const values = spec.node.inputs.map((_, index) => {
    const tensor = spec.constants.get(index);
    return tensor === undefined ? undefined : valueOfTensor(tensor);
  });
  const shapes = values.map((value, index) => (index === 0 ? inputShape(spec, 0) : (value?.shape ?? null)));
  return axisMaps(new RuleContext(spec.node, shapes, values));
}

/**
 * @throws DnnError `EINVAL` where the node contradicts its input, `ENOSYS` where what it takes is computed.
 */
export const mappedLayer: LayerFactory = (spec, context) => {
  const maps = mapsOf(spec);
  if (maps === undefined) throw unsupported(spec.node, 'takes what depends on the frame');
  const { rows, columns, channels } = imageMaps(maps);
  const { output } = spec;
  if (
    rows.length !== output.height ||
    columns.length !== output.width ||
    channels.length !== output.channels
  ) {
    throw nodeError(spec.node, 'takes other values than its output has');
  }
  return gatherLayer(spec, context, { rows, columns, channels }, maps.fill);
};
