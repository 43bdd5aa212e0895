/** The names by which layers and results of an OpenVINO IR are known in a Graph. */
import type { Graph, GraphNode } from '../../graph/graph.ts';
import { freshName } from '../../graph/graph-edits.ts';
import { floatNode } from '../../graph/node-builder.ts';
import { formatReference } from '../../graph/node-reference.ts';
import type { IrLayer } from './ir-network.ts';

/** A name as a Graph's references can hold it: no output index behind it, no caret before. */
function plainName(name: string): string {
  return name.replace(/:(\d+)$/, '_$1').replace(/^\^/, '_');
}

export class IrNames {
  readonly #layers: readonly IrLayer[];
  readonly #nodes = new Map<string, string>();

  /** Layers keep their names; a second one of a name gets its id behind it. */
  constructor(layers: readonly IrLayer[]) {
    this.#layers = layers;
    const taken = new Set<string>();
    for (const { id, name } of layers) {
      const plain = plainName(name);
      const node = taken.has(plain) ? freshName(taken, `${plain}_${id}`) : plain;
      taken.add(node);
      this.#nodes.set(id, node);
    }
  }

  /** Name of the node that is the layer's result. */
  nodeOf({ id }: IrLayer): string {
    return this.#nodes.get(id)!;
  }

  /**
   * The signature. FFmpeg's commands name an output by the layer that gives it (`espcn/prediction`), by
   * a name of its tensor, or by that of the Result. Of a layer with several outputs output i is
   * `NAME.i`, as OpenVINO writes it.
   */
  sign(nodes: readonly GraphNode[]): Pick<Graph, 'nodes' | 'signature'> {
    const inputs = new Map<string, string>();
    const outputs = new Map<string, string>();
    const added: GraphNode[] = [];
    const name = (names: Map<string, string>, from: string, node: string): void => {
      if (!names.has(from)) names.set(from, node);
    };
    for (const layer of this.#layers) {
      if (layer.type === 'Parameter') {
        const all = [layer.name, ...layer.outputs.flatMap((port) => port.names)];
        for (const from of all) name(inputs, from, this.nodeOf(layer));
      }
      const [source] = layer.sources;
      if (layer.type !== 'Result' || source === undefined) continue;
      const producer = this.nodeOf(source.layer);
      let node = producer;
      if (source.output > 0) {
        node = `${producer}.${source.output}`;
        const reference = formatReference(producer, source.output);
        added.push(floatNode(node, 'Identity', [reference]));
      }
      const several = source.layer.outputs.length > 1;
      name(outputs, several ? `${source.layer.name}.${source.output}` : source.layer.name, node);
      for (const from of source.layer.outputs[source.output]!.names) name(outputs, from, node);
      name(outputs, layer.name, node);
    }
    const known = new Set(nodes.map((node) => node.name));
    const extra = added.filter(
      (node, at) => !known.has(node.name) && added.findIndex((one) => one.name === node.name) === at,
    );
    return {
      nodes: [...nodes, ...extra],
      signature: { inputs: Object.fromEntries(inputs), outputs: Object.fromEntries(outputs) },
    };
  }
}
