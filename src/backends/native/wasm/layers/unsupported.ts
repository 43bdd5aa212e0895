/** The error of a layer that the kernels cannot compute. */
import { DnnError } from '../../../../base/errors.ts';
import type { GraphNode } from '../../../../graph/graph.ts';

/** @param what the attribute or input that is the reason: "has data_format NCHW". */
export function unsupported(node: GraphNode, what: string): DnnError {
  return new DnnError(
    'ENOSYS',
    `native backend: node '${node.name}' (${node.op}) ${what}, for which there is no kernel; ` +
      'dnn_backend=tensorflow may have it.',
    { layer: node.name, op: node.op },
  );
}
