/** The layout of a model's input where nothing but its shape tells. */
import type { ModelLayout } from '../graph/feed-channels-last.ts';
import type { Shape } from '../graph/graph.ts';

/**
 * Channels stand last unless the shape says the opposite: dimension 1 is 1 to 3, and
 * the last is more than 3 or open.
 */
export function layoutByShape(shape: Shape): ModelLayout {
  if (shape?.length !== 4) return 'nhwc';
  const [, second, , last] = shape as [number, number, number, number];
  return second >= 1 && second <= 3 && (last > 3 || last < 0) ? 'nchw' : 'nhwc';
}
