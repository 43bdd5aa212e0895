/** The error of a layer that the kernels cannot compute. */
import { DnnError } from '../../../../base/errors.ts';
import type { GraphNode } from '../../../../graph/graph.ts';

/** A layer for which there is no kernel: `ENOSYS`. */
export class UnsupportedLayer extends DnnError {
  /** What it is, as `node 'c' (MaxPool) has padding EXPLICIT`. */
  readonly reason: string;

  constructor(node: GraphNode, what: string) {
    const reason = `node '${node.name}' (${node.op}) ${what}`;
    super(
      'ENOSYS',
      `native backend: ${reason}, for which there is no kernel; dnn_backend=tensorflow may have it.`,
      { layer: node.name, op: node.op },
    );
    this.reason = reason;
  }
}

/** @param what the attribute or input that is the reason: "has data_format NCHW". */
export function unsupported(node: GraphNode, what: string): UnsupportedLayer {
  return new UnsupportedLayer(node, what);
}
