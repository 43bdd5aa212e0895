/**
 * The pass that lets frames be fed with channels last into a model that takes them with channels
 * first. FFmpeg tells OpenVINO the same before it loads a model
 * (libavfilter/dnn/dnn_backend_openvino.c · init_model_ov).
 */
import { channelsFirstOrder, channelsLastOrder } from './channels-last-rules.ts';
import type { Graph, GraphNode } from './graph.ts';
import { freshName, renameReferences } from './graph-edits.ts';
import { inferShapes } from './infer-shapes.ts';
import { cutAtInput } from './input-node.ts';
import { constNode, floatNode, tensorOf } from './node-builder.ts';

/** The order of a model's dimensions: n, channels, height, width, or n, height, width, channels. */
export type ModelLayout = 'nchw' | 'nhwc';

export interface FeedOptions {
  /** Names of nodes, without output index. */
  readonly input: string;
  readonly outputs: readonly string[];
  /** True where the results are pictures: outputs of 4 dimensions are given with channels last too. */
  readonly pictures: boolean;
}

/** Transposes between the two layouts, with their constant. */
function transposed(names: Set<string>, name: string, from: string, order: readonly number[]): GraphNode[] {
  const constant = freshName(names, `${name}/order`);
  names.add(constant);
  return [constNode(constant, tensorOf('int32', order)), floatNode(name, 'Transpose', [from, constant])];
}

/**
 * Makes the input of an NCHW model `[n, height, width, channels]` under the same name. What stands behind it
 * computes as before; channels-last.ts then turns it.
 */
export function feedChannelsLast(model: Graph, { input, outputs, pictures }: FeedOptions): Graph {
  const graph = cutAtInput(model, input);
  const shapes = inferShapes(graph);
  const shape = shapes.shapeOf(input);
  if (shape?.length !== 4) return graph;
  const names = new Set(graph.nodes.map((node) => node.name));
  const fresh = (base: string): string => {
    const name = freshName(names, base);
    names.add(name);
    return name;
  };
  const renames = new Map<string, string>();
  if (pictures) {
    for (const output of new Set(outputs)) {
      if (output !== input && shapes.shapeOf(output)?.length === 4)
        renames.set(output, fresh(`${output}/nchw`));
    }
  }
  const inside = fresh(`${input}/nchw`);
  const fed: GraphNode = {
    name: input,
    op: 'Placeholder',
    inputs: [],
    attrs: {
      ...graph.nodes.find((node) => node.name === input)!.attrs,
      shape: { shape: channelsLastOrder.map((axis) => shape[axis]!) },
    },
  };
  const others = graph.nodes.filter((node) => node.name !== input);
  return {
    ...graph,
    nodes: [
      fed,
      ...transposed(names, inside, input, channelsFirstOrder),
      ...renameReferences(others, new Map([...renames, [input, inside]])),
      ...[...renames].flatMap(([output, name]) => transposed(names, output, name, channelsLastOrder)),
    ],
  };
}
