/** The `tensorflow` backend: runs any Graph on tfjs-core, tfjs-converter and tfjs-backend-wasm. */
import { getKernelsForBackend, io } from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { DnnError, errorMessage } from '../../base/errors.ts';
import { backends } from '../../dnn/contract/backends.ts';
import type { DNNModel, DNNModelSpec, DNNModule } from '../../dnn/contract/interface.ts';
import { neededFunctions } from '../../graph/function-library.ts';
import type { GraphNode } from '../../graph/graph.ts';
import { needsAsyncExecution } from './converter-ops.ts';
import { graphModelArtifacts } from './graph-model-artifacts.ts';
import { groupedConvolutions } from './grouped-convolutions.ts';
import { neededNodes } from './needed-nodes.ts';
import { TensorflowModel, type ExecutionPlan } from './tensorflow-model.ts';
import { unsupportedOps } from './unsupported-ops.ts';
import { startWasmRuntime, type TensorflowAssets, type WasmRuntime } from './wasm-runtime.ts';

/**
 * Starts the backend in this thread. A second call gives a module on the same WebAssembly memory.
 *
 * @throws DnnError `EIO` where the WebAssembly file does not load.
 */
export async function createTensorflowModule(assets: TensorflowAssets): Promise<DNNModule> {
  const runtime = await startWasmRuntime(assets);
  return {
    type: 'tensorflow',
    capabilities: backends.tensorflow.capabilities,
    device: runtime.device,
    loadModel: (spec) => loadModel(spec, runtime),
  };
}

async function loadModel(spec: DNNModelSpec, runtime: WasmRuntime): Promise<DNNModel> {
  const nodes = neededNodes(spec.graph, spec.input, spec.outputs);
  const kernels = new Set(getKernelsForBackend('wasm').map(({ kernelName }) => kernelName));
  const functions = neededFunctions(spec.graph, nodes);
  const computed = [
    ...nodes.filter((node) => node.name !== spec.input),
    ...functions.flatMap((entry) => entry.nodes),
  ];
  const { ops: missing, forms } = unsupportedOps(
    computed,
    (kernel) => kernels.has(kernel),
    groupedConvolutions(spec.graph),
  );
  if (missing.length > 0) {
    throw new DnnError(
      'ENOSYS',
      `dnn_backend=tensorflow cannot run this model; it has no kernel for: ${missing.join(', ')}.` +
        (forms.length === missing.length ? ' dnn_backend=native may have them.' : ''),
      { ops: missing },
    );
  }
  const plan = executionPlan(nodes, spec.input);
  try {
    const handler = io.fromMemory(graphModelArtifacts(nodes, spec.input, functions));
    const graphModel = await runtime.inTurn(() => loadGraphModel(handler));
    return new TensorflowModel(graphModel, spec, plan, runtime);
  } catch (thrown) {
    if (thrown instanceof DnnError) throw thrown;
    throw new DnnError(
      'DNN_GENERIC_ERROR',
      `dnn_backend=tensorflow: tfjs refused the model: ${errorMessage(thrown)}`,
      {},
      { cause: thrown },
    );
  }
}

function executionPlan(nodes: readonly GraphNode[], input: string): ExecutionPlan {
  const dtype = nodes.find((node) => node.name === input)?.attrs.dtype;
  const isFloat = dtype === undefined || !('type' in dtype) || dtype.type.startsWith('float');
  return {
    async: nodes.some((node) => needsAsyncExecution(node.op)),
    inputType: isFloat ? 'float32' : 'int32',
  };
}
