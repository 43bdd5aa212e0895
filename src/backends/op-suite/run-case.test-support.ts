/** Runs a case of the op suite on a backend and compares it with the reference. */
import type { DNNModelSpec, DNNModule } from '../../dnn/contract/interface.ts';
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { GraphNode } from '../../graph/graph.ts';
import { constTensor } from '../../graph/node-attrs.ts';
import { optimizeGraph } from '../../graph/optimize-graph.ts';
import { formatShape } from '../../graph/tensor-storage.ts';
import { nativeModel } from '../native/wasm/native-model.test-support.ts';
import { nodeAssets } from '../tensorflow/node-runtime.test-support.ts';
import { createTensorflowModule } from '../tensorflow/tensorflow-module.ts';
import { arrangementCases } from './cases-arrangement.test-support.ts';
import { elementwiseCases } from './cases-elementwise.test-support.ts';
import { gateCases } from './cases-gates.test-support.ts';
import { ownOpCases } from './cases-own-ops.test-support.ts';
import { rankCases } from './cases-ranks.test-support.ts';
import { reductionCases } from './cases-reductions.test-support.ts';
import { windowCases } from './cases-windows.test-support.ts';
import type { OpCase } from './op-case.test-support.ts';
import { positionOf, type PlainTensor } from './reference-tensor.test-support.ts';
import { runReference } from './run-reference.test-support.ts';

/** What the suite runs on. */
export type SuiteBackend = 'native' | 'tensorflow';

/** Every case, in families. */
export const allCases: readonly OpCase[] = [
  ...elementwiseCases,
  ...windowCases,
  ...arrangementCases,
  ...reductionCases,
  ...rankCases,
  ...ownOpCases,
  ...gateCases,
];

let started: Promise<DNNModule> | undefined;

function tensorflow(): Promise<DNNModule> {
  started ??= createTensorflowModule(nodeAssets);
  return started;
}

/** What came of a case; `text` says what is wrong, or what was refused. */
export interface Outcome {
  /** `refused`: the backend says, before the first picture, what it cannot do. */
  readonly kind: 'right' | 'wrong' | 'refused';
  readonly text: string;
}

/** Runs a case as the product does: the passes over the graph, then the backend. */
export async function outcomeOf(entry: OpCase, backend: SuiteBackend): Promise<Outcome> {
  const names = { input: 'x', outputs: ['y'] };
  const expected = runReference(entry.graph, { x: fedTensor(entry) }, 'y');
  try {
    const { graph, batchFree } = optimizeGraph(entry.graph, names);
    const spec: DNNModelSpec = { graph, batchFree, ...names };
    const model = backend === 'native' ? nativeModel(spec) : await (await tensorflow()).loadModel(spec);
    try {
      const [result] = await model.execute(entry.input);
      const wrong = firstDifference(result!.data, expected, entry.tolerance);
      return wrong === undefined
        ? { kind: 'right', text: '' }
        : { kind: 'wrong', text: `${describe(entry)}\n${wrong}` };
    } finally {
      model.close();
    }
  } catch (thrown) {
    const refused = thrown instanceof DnnError && thrown.code === 'ENOSYS';
    return { kind: refused ? 'refused' : 'wrong', text: `${describe(entry)}\n${errorMessage(thrown)}` };
  }
}

/** The picture of a case. */
export function fedTensor({ input }: OpCase): PlainTensor {
  return { dtype: 'float32', shape: input.dims, data: Array.from(input.data) };
}

/** The first value that is not the reference's: NaN must be NaN, and infinities the same. */
export function firstDifference(
  got: Float32Array,
  expected: PlainTensor,
  tolerance: number,
): string | undefined {
  if (got.length !== expected.data.length) {
    return `${got.length} values instead of ${formatShape(expected.shape)}`;
  }
  const index = expected.data.findIndex((want, at) => {
    const value = got[at]!;
    const rounded = Math.fround(want);
    if (value === rounded || (Number.isNaN(value) && Number.isNaN(rounded))) return false;
    return !(Math.abs(value - rounded) <= tolerance * Math.max(1, Math.abs(rounded)));
  });
  if (index < 0) return undefined;
  const position = positionOf(expected.shape, index).join(', ');
  return `y[${position}] of ${formatShape(expected.shape)} is ${got[index]!}, not ${Math.fround(expected.data[index]!)}`;
}

/** The graph in one line a node. */
function describe({ title, graph, input }: OpCase): string {
  const attrs = (node: GraphNode): string =>
    Object.keys(node.attrs).length === 0 ? '' : ` ${JSON.stringify(node.attrs)}`;
  const lines = graph.nodes.map((node) => {
    if (node.op === 'Placeholder') return `${node.name} = picture [${input.dims.join(', ')}]`;
    const constant = constTensor(node);
    if (constant === undefined) return `${node.name} = ${node.op}(${node.inputs.join(', ')})${attrs(node)}`;
    return `${node.name} = ${constant.dtype} ${formatShape(constant.shape)} ${Array.from(constant.data, String).slice(0, 8).join(' ')}`;
  });
  return [title, ...lines].join('\n');
}
