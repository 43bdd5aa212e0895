/** Tensors and options for tests of detection. */
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';

/** A tensor with leading dimensions of 1 filled in. */
export function tensor(dims: readonly number[], values: Iterable<number>): DNNData {
  const [n = 1, height = 1, width = 1, channels = 1] = [1, 1, 1, ...dims].slice(-4);
  return { dims: [n, height, width, channels], data: Float32Array.from(values) };
}

/** Rows of a table `[1, 1, N, columns]`. */
export function table(rows: readonly (readonly number[])[], columns = rows[0]?.length ?? 0): DNNData {
  return tensor([rows.length, columns], rows.flat());
}

export function detectOptions(options: Partial<DetectOptions>): DetectOptions {
  const confidence = options.confidence ?? 0.5;
  return {
    kind: 'detect',
    modelType: 'ssd',
    confidence,
    labels: [],
    cellW: 0,
    cellH: 0,
    nbClasses: 0,
    anchors: [],
    nms: 'none',
    nmsThreshold: confidence,
    ...options,
  };
}
