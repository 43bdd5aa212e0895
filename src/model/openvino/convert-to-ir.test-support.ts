/**
 * Writes small channels-last networks as OpenVINO's Model Optimizer does: channels
 * first, everything else the same.
 */
import type { Graph, GraphNode, Tensor } from '../../graph/graph.ts';
import { inferShapes } from '../../graph/infer-shapes.ts';
import { constTensor, floatAttr, intAttr, intsAttr, stringAttr } from '../../graph/node-attrs.ts';
import { nodesByName, topologicalOrder } from '../../graph/topological-order.ts';
import {
  constant,
  constantFloats,
  constantInts,
  layer,
  parameter,
  result,
  type TestLayer,
} from './openvino-writer.test-support.ts';

const moved = <T>(list: readonly T[]): T[] => [0, 3, 1, 2].map((axis) => list[axis]!);

/** HWIO to OIHW. */
function weights({ shape, data }: Tensor): TestLayer['tensor'] {
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  const values = new Float32Array(data.length);
  for (let index = 0; index < data.length; index++) {
    const [o, i] = [index % outputs, Math.floor(index / outputs) % inputs];
    const tap = Math.floor(index / outputs / inputs);
    values[(o * inputs + i) * height * width + tap] = data[index] as number;
  }
  return { dtype: 'float32', shape: [outputs, inputs, height, width], data: values };
}

const types: Readonly<Record<string, string>> = {
  Add: 'Add',
  AddV2: 'Add',
  BiasAdd: 'Add',
  Sub: 'Subtract',
  Mul: 'Multiply',
  Maximum: 'Maximum',
  Relu: 'ReLU',
  Tanh: 'Tanh',
  Sigmoid: 'Sigmoid',
  Neg: 'Negative',
};

class Converter {
  readonly layers: TestLayer[] = [];
  readonly #shapes: ReturnType<typeof inferShapes>;
  readonly #byName: ReadonlyMap<string, GraphNode>;

  constructor(graph: Graph, sizes: readonly number[]) {
    this.#shapes = inferShapes(graph, { x: sizes });
    this.#byName = nodesByName(graph);
  }

  #shape(name: string): number[] {
    return moved(this.#shapes.shapeOf(name)!);
  }

  #constantOf(name: string): Tensor | undefined {
    return constTensor(this.#byName.get(name));
  }

  /** An operand; constants get a layer of their own for each use. */
  #operand(node: GraphNode, input: string): string {
    const tensor = this.#constantOf(input);
    if (tensor === undefined) return input;
    const name = `${node.name}/${input}`;
    const count = tensor.data.length;
    const shape = count === 1 ? [1, 1, 1, 1] : [1, count, 1, 1];
    this.layers.push(constantFloats(name, shape, tensor.data as Float32Array));
    return name;
  }

  add(node: GraphNode): void {
    const { name, op, inputs } = node;
    if (op === 'Const') return;
    const shape = this.#shape(name);
    const add = (type: string, from: readonly string[], data: TestLayer['data'] = {}): void => {
      this.layers.push({ ...layer(name, type, from, shape, data), names: [`${name}:0`] });
    };
    const ints = (label: string, values: readonly number[]): string => {
      this.layers.push(constantInts(`${name}/${label}`, values));
      return `${name}/${label}`;
    };
    if (op === 'Placeholder') this.layers.push({ ...parameter(name, shape), names: [`${name}:0`] });
    else if (op === 'Conv2D') {
      this.layers.push(constant(`${name}/weights`, weights(this.#constantOf(inputs[1]!)!)!));
      add('Convolution', [inputs[0]!, `${name}/weights`], {
        auto_pad: stringAttr(node, 'padding', '') === 'SAME' ? 'same_upper' : 'valid',
        strides: intsAttr(node, 'strides').slice(1, 3).join(', '),
        dilations: intsAttr(node, 'dilations').slice(1, 3).join(', '),
        pads_begin: '0, 0',
        pads_end: '0, 0',
      });
    } else if (op === 'MirrorPad') {
      const pads = Array.from(this.#constantOf(inputs[1]!)!.data as Int32Array);
      const [before, after] = [0, 1].map((side) => moved(pads.filter((_, at) => at % 2 === side)));
      const mode = stringAttr(node, 'mode', '').toLowerCase();
      add('Pad', [inputs[0]!, ints('begin', before!), ints('end', after!)], { pad_mode: mode });
    } else if (op === 'DepthToSpace') {
      add('DepthToSpace', [inputs[0]!], { block_size: intAttr(node, 'block_size', 1), mode: 'blocks_first' });
    } else if (op === 'ConcatV2') add('Concat', inputs.slice(0, -1), { axis: 1 });
    else if (op === 'LeakyRelu') {
      this.layers.push(constantFloats(`${name}/slope`, [1], [floatAttr(node, 'alpha', 0.2)]));
      add('PReLU', [inputs[0]!, `${name}/slope`]);
    } else if (types[op] !== undefined) {
      add(
        types[op],
        inputs.map((input) => this.#operand(node, input)),
        inputs.length > 1 ? { auto_broadcast: 'numpy' } : {},
      );
    } else throw new Error(`no layer for ${op}`);
  }
}

/** The layers of a network from x to y for frames of one size. */
export function layersOf(graph: Graph, height: number, width: number, output = 'y'): TestLayer[] {
  const channels = inferShapes(graph).shapeOf('x')![3]!;
  const converter = new Converter(graph, [1, height, width, channels]);
  for (const node of topologicalOrder(graph)) converter.add(node);
  return [...converter.layers, result(output)];
}
