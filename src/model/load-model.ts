/** A model file of any supported format to a Graph. */
import { DnnError, errorMessage } from '../base/errors.ts';
import type { Graph } from '../graph/graph.ts';
import { readGraphDef } from './graphdef/read-graphdef.ts';
import { recogniseModel, type ModelFormat } from './model-format.ts';
import { refusalByName } from './model-name.ts';
import { readNativeModel } from './native/read-native-model.ts';
import { readOpenvinoModel, type ReadOpenvinoOptions } from './openvino/read-openvino-model.ts';
import { readTfjsModel } from './tfjs/read-tfjs-model.ts';

/** Gives the bytes of a file; rejects where it does not exist. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** A model and what it was read from. */
export interface LoadedModel {
  readonly format: ModelFormat;
  readonly graph: Graph;
}

const supported =
  'a frozen TensorFlow graph (.pb), a tfjs model (model.json), an OpenVINO model (.xml, with its .bin beside it) or a ' +
  "model of FFmpeg's native backend (.model)";

/**
 * Reads a model: a frozen TensorFlow graph (`.pb`), a tfjs model (`model.json`; its shards are read by the same callback,
 * relative to the JSON file), an OpenVINO IR (`.xml`; the `.bin` beside it likewise) or a model of FFmpeg's native backend
 * (`.model`). The format is told by the content, not by the name.
 *
 * @param path as the user wrote it in the filter's option `model`.
 * @throws DnnError `ENOENT` for a missing file; `EINVAL` for what is no such model, with what it is instead and what to
 *   do; `ENOSYS` for a tfjs layers model or an OpenVINO model with layers that are not known.
 */
export async function openModel(
  path: string,
  readFile: ReadFile,
  options: ReadOpenvinoOptions = {},
): Promise<LoadedModel> {
  const bytes = await readModelFile(path, readFile);
  const format = recogniseModel(bytes);
  if (typeof format === 'object') {
    throw new DnnError('EINVAL', `option model: '${path}' is ${format.what}; ${format.instead}`, {
      option: 'model',
      file: path,
    });
  }
  if (format === undefined) {
    const refused = await refusalByName(path, readFile);
    if (refused !== undefined) throw refused;
    throw new DnnError(
      'EINVAL',
      `option model: '${path}' is no model that can be read (wrong content from byte 0); give ${supported}`,
      { option: 'model', file: path, offset: 0 },
    );
  }
  try {
    return { format, graph: await readFormat(format, bytes, path, readFile, options) };
  } catch (error) {
    // Weights without their model start with any bytes, also with those of a format.
    throw (await refusalByName(path, readFile)) ?? error;
  }
}

/** The graph of `openModel`. */
export async function loadModel(path: string, readFile: ReadFile): Promise<Graph> {
  return (await openModel(path, readFile)).graph;
}

async function readFormat(
  format: ModelFormat,
  bytes: Uint8Array,
  path: string,
  readFile: ReadFile,
  options: ReadOpenvinoOptions,
): Promise<Graph> {
  switch (format) {
    case 'graphdef':
      return readGraphDef(bytes, path);
    case 'native':
      return readNativeModel(bytes, path);
    case 'tfjs':
      return readTfjsModel(bytes, path, readFile);
    case 'openvino':
      return readOpenvinoModel(bytes, path, readFile, options);
  }
}

/** The bytes of the file; of a SavedModel's folder its graph, so that the refusal can say what it is. */
async function readModelFile(path: string, readFile: ReadFile): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    try {
      return await readFile(`${path.replace(/\/$/, '')}/saved_model.pb`);
    } catch {
      throw new DnnError(
        'ENOENT',
        `option model: cannot read '${path}': ${errorMessage(error)}; check the path`,
        { option: 'model', file: path },
        { cause: error },
      );
    }
  }
}
