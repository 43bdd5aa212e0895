/** Runs one of ONNX's own node tests on the native backend. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DnnError, errorMessage } from '../../src/base/errors.ts';
import { runAnyGraph } from '../../src/backends/native/wasm/run-any-graph.test-support.ts';
import type { Tensor } from '../../src/graph/graph.ts';
import { GraphReader } from '../../src/model/onnx/graph-reader.ts';
import { decodeTensor } from '../../src/model/onnx/proto/decode-tensor.ts';
import type { ModelProto, TensorProto, ValueInfo } from '../../src/model/onnx/proto/onnx-messages.ts';
import { readModelProto } from '../../src/model/onnx/proto/read-model-proto.ts';
import { readTensorProto } from '../../src/model/onnx/proto/read-tensor-proto.ts';
import { ProtobufReader } from '../../src/model/protobuf/protobuf-reader.ts';

/** As ONNX's own runner compares (onnx/backend/test/runner). */
const relative = 1e-3;
const absolute = 1e-7;

export interface NodeTestResult {
  readonly name: string;
  /** The operators of the model. */
  readonly ops: string;
  /**
   * `constants`: all inputs but the first one had to be known when the model was read; `images`: so, and what
   * lies along the first axis was run as images of their own; `folded`: all inputs were known.
   */
  readonly ran: 'native' | 'constants' | 'images' | 'folded' | 'refused';
  readonly passed: boolean;
  /** The greatest difference, or why it was refused. */
  readonly says: string;
}

function readTensor(path: string): TensorProto {
  return readTensorProto(new ProtobufReader(readFileSync(path), path, 'a tensor'));
}

/** A tensor of the type that the model says: numpy has no bfloat16, whose bits some files hold as uint16. */
function typed(tensor: TensorProto, value: ValueInfo | undefined): TensorProto {
  return value?.dataType === 16 && tensor.dataType === 4 ? { ...tensor, dataType: 16 } : tensor;
}

function tensorsOf(folder: string, kind: 'input' | 'output'): TensorProto[] {
  const files = readdirSync(folder).filter((name) => name.startsWith(`${kind}_`));
  return files.map((_, index) => readTensor(join(folder, `${kind}_${index}.pb`)));
}

/** The model with some inputs as constants. */
function withConstants(model: ModelProto, constants: ReadonlyMap<string, TensorProto>): ModelProto {
  const { graph } = model;
  const added = [...constants].map(([name, tensor]) => ({ ...tensor, name }));
  const inputs = graph.inputs.filter(({ name }) => !constants.has(name));
  return { ...model, graph: { ...graph, inputs, initializers: [...graph.initializers, ...added] } };
}

/** The greatest difference, and whether all are within the tolerance. */
function compare(
  given: ArrayLike<number>,
  expected: ArrayLike<number>,
): { readonly passed: boolean; worst: number } {
  if (given.length !== expected.length) return { passed: false, worst: Infinity };
  let passed = true;
  let worst = 0;
  for (let at = 0; at < expected.length; at++) {
    const [a, b] = [given[at]!, expected[at]!];
    if (Object.is(a, b) || a === b) continue;
    const difference = Math.abs(a - b);
    if (!(difference <= absolute + relative * Math.abs(b))) passed = false;
    worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference);
  }
  return { passed, worst };
}

type Way = Exclude<NodeTestResult['ran'], 'refused'>;

async function run(model: ModelProto, folder: string, way: Way): Promise<{ passed: boolean; worst: number }> {
  const place = { file: 'model.onnx', external: new Map() };
  const tensors = tensorsOf(folder, 'input');
  const given = new Set(model.graph.initializers.map(({ name }) => name));
  const inputs = model.graph.inputs.filter(({ name }) => !given.has(name));
  const named = inputs.map(({ name }, index) => [name, typed(tensors[index]!, inputs[index])] as const);
  const known = new Map(way === 'native' ? [] : way === 'folded' ? named : named.slice(1));
  const images = way === 'images' ? (tensors[0]?.dims[0] ?? 1) : 1;
  const graph = new GraphReader(withConstants(model, known), place, false).read();
  const feeds = Object.fromEntries(
    named
      .filter(([name]) => !known.has(name))
      .map(([name, tensor]): [string, Tensor] => [
        graph.signature.inputs[name]!,
        decodeTensor(tensor, place),
      ]),
  );
  const outputs = model.graph.outputs.map(({ name }) => graph.signature.outputs[name]!);
  const results = await runAnyGraph(graph, feeds, outputs, images);
  const compared = tensorsOf(folder, 'output').map((tensor, index) =>
    compare(
      results[index]!,
      decodeTensor(typed(tensor, model.graph.outputs[index]), place).data as ArrayLike<number>,
    ),
  );
  return {
    passed: compared.every(({ passed }) => passed),
    worst: Math.max(0, ...compared.map(({ worst }) => worst)),
  };
}

/** @param folder of the test, with its model.onnx and test_data_set_0. */
export async function runNodeTest(name: string, folder: string): Promise<NodeTestResult> {
  let ops = '';
  let says = '';
  try {
    const model = readModelProto(readFileSync(join(folder, 'model.onnx')), 'model.onnx');
    ops = [...new Set(model.graph.nodes.map(({ op }) => op))].join(' ');
    for (const ran of ['native', 'constants', 'images', 'folded'] as const) {
      try {
        const { passed, worst } = await run(model, join(folder, 'test_data_set_0'), ran);
        return { name, ops, ran, passed, says: worst.toExponential(1) };
      } catch (error) {
        if (says === '' || error instanceof DnnError) says = errorMessage(error);
      }
    }
  } catch (error) {
    says = errorMessage(error);
  }
  return { name, ops, ran: 'refused', passed: false, says: says.split('\n')[0]! };
}
