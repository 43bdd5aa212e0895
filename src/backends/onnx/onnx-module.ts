/**
 * The `onnx` backend: runs the file itself on ONNX Runtime, as libavfilter/dnn/dnn_backend_onnx.c does, for
 * models with operators that no kernel of this project computes.
 */
import * as ort from 'onnxruntime-web/wasm';
import { DnnError, errorMessage } from '../../base/errors.ts';
import { backends } from '../../dnn/contract/backends.ts';
import type { DNNModelSpec, DNNModule } from '../../dnn/contract/interface.ts';
import { OnnxModel } from './onnx-model.ts';
import { startOrt, type OnnxAssets } from './ort-runtime.ts';

/** Makes the backend; ONNX Runtime is fetched with the first model. */
export function createOnnxModule(assets: OnnxAssets): DNNModule {
  return {
    type: 'onnx',
    capabilities: backends.onnx.capabilities,
    device: 'onnxruntime-wasm',
    loadModel: (spec) => loadModel(spec, assets),
  };
}

/**
 * @throws DnnError `EIO` where ONNX Runtime does not load, `DNN_GENERIC_ERROR` with its words where it
 *   refuses the model, `EINVAL` for a name that the model does not have.
 */
async function loadModel(spec: DNNModelSpec, assets: OnnxAssets): Promise<OnnxModel> {
  const { file } = spec;
  if (file === undefined) throw new DnnError('EINVAL', 'dnn_backend=onnx runs files of ONNX only.');
  await startOrt(assets);
  let session: ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(file.bytes, {
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'all',
      externalData: file.external.map(({ path, data }) => ({ path, data })),
    });
  } catch (thrown) {
    throw new DnnError(
      'DNN_GENERIC_ERROR',
      `dnn_backend=onnx: ONNX Runtime refused the model: ${errorMessage(thrown)}`,
      {},
      { cause: thrown },
    );
  }
  try {
    return new OnnxModel(session, { ...spec, file });
  } catch (error) {
    await session.release();
    throw error;
  }
}
