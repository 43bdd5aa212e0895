/** A filter's model, and what runs it: for models of ONNX the kernels where they have every op. */
import { DnnError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { DNNBackendType } from '../../dnn/contract/backends.ts';
import type { OnnxFile } from '../../dnn/contract/interface.ts';
import { backendForFormat } from '../../dnn/options/choose-backend.ts';
import type { DnnContext } from '../../dnn/options/dnn-context.ts';
import type { Graph } from '../../graph/graph.ts';
import { openModel, type LoadedModel } from '../../model/load-model.ts';
import type { ReadFile, ReadModelOptions } from '../../model/model-format.ts';
import { onnxFormat } from '../../model/onnx/onnx-format.ts';
import { readOnnxFile } from '../../model/onnx/read-onnx-file.ts';
import { recogniseModel } from '../../model/model-formats.ts';

export interface FilterModel extends LoadedModel {
  readonly backendType: DNNBackendType;
  /** Where ONNX Runtime runs the model; its names are those of the graph. */
  readonly file?: Pick<OnnxFile, 'bytes' | 'external'>;
}

/** Ops of a Graph that models of ONNX are read into, and that the native backend has no kernel for. */
export const opsWithoutKernel: ReadonlySet<string> = new Set(['TopKV2', 'OneHot']);

/**
 * Opens a model. With `dnn_backend=onnx`, or where the filter leaves the backend to a model of ONNX, `engine`
 * chooses: `native`, the kernels; `ort`, ONNX Runtime; `auto`, the kernels where they have every op.
 *
 * @param path absolute.
 * @param log is told what runs on ONNX Runtime, and why.
 * @throws DnnError as `openModel`; `EINVAL` for a model of another format than `dnn_backend` stands for.
 */
export async function openFilterModel(
  context: Pick<DnnContext, 'backendType' | 'dnnBackend' | 'engine' | 'model'>,
  path: string,
  readFile: ReadFile,
  options: ReadModelOptions,
  log: Logger,
): Promise<FilterModel> {
  const { engine = 'auto', model } = context;
  const opened = await openModel(path, readFile, options).catch((error: unknown) => asRefusal(error));
  const refusal = opened instanceof DnnError ? opened : undefined;
  const graph = opened instanceof DnnError ? undefined : opened;
  const isOnnx = graph === undefined ? await isOnnxFile(path, readFile) : graph.format.name === 'onnx';
  if (refusal !== undefined && !isOnnx) throw refusal;
  const backendType = backendForFormat(context, graph?.format ?? onnxFormat, model);
  if (backendType !== 'onnx') {
    if (graph === undefined) throw withWayOut(refusal!);
    return { ...graph, backendType };
  }
  const missing = refusal === undefined ? opsMissing(graph!.graph) : layersOf(refusal);
  if (engine === 'native' || (engine === 'auto' && refusal === undefined && missing.length === 0)) {
    if (graph === undefined) throw refusal!;
    return { ...graph, backendType: 'native' };
  }
  const why = engine === 'ort' ? 'engine=ort' : `the kernels here do not have ${missing.join(', ')}`;
  log('info', `${model}: runs on ONNX Runtime (${why})`);
  const bytes = await readFile(path);
  const { outline, external, labels } = await readOnnxFile(bytes, path, readFile);
  return {
    format: onnxFormat,
    graph: graph?.graph ?? outline,
    ...(labels === undefined ? {} : { labels }),
    backendType,
    file: { bytes, external },
  };
}

/** An error that says what a model needs that is not here. @throws every other one. */
function asRefusal(error: unknown): DnnError {
  if (error instanceof DnnError && error.code === 'ENOSYS') return error;
  throw error;
}

async function isOnnxFile(path: string, readFile: ReadFile): Promise<boolean> {
  return recogniseModel(await readFile(path)) === onnxFormat;
}

function opsMissing({ nodes }: Graph): string[] {
  return [...new Set(nodes.map(({ op }) => op))].filter((op) => opsWithoutKernel.has(op));
}

function layersOf({ details, message }: DnnError): readonly string[] {
  const { layers } = details;
  return Array.isArray(layers) ? layers.map(String) : [message];
}

function withWayOut(refusal: DnnError): DnnError {
  return new DnnError(
    refusal.code,
    `${refusal.message}; or write dnn_backend=onnx, which runs them on ONNX Runtime`,
    refusal.details,
    { cause: refusal },
  );
}
