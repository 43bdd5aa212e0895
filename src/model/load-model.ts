/** A model file of any supported format to a Graph. */
import { DnnError, errorMessage } from '../base/errors.ts';
import type { Graph } from '../graph/graph.ts';
import type { ModelFormat, ReadFile, ReadModelOptions } from './model-format.ts';
import { modelFormats, recogniseModel, type KnownFormat } from './model-formats.ts';
import { refusalByName } from './model-name.ts';

/** A model and what it was read from. */
export interface LoadedModel {
  readonly format: KnownFormat;
  readonly graph: Graph;
  /** Names of the classes, where the file has them. */
  readonly labels?: readonly string[];
}

/** What is read, for messages. */
function formatsInWords(): string {
  const words = modelFormats.map(({ what, files }) => `${what} (${files})`);
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)!}`;
}

/**
 * Reads a model: a frozen TensorFlow graph (`.pb`), a tfjs model (`model.json`; its shards are read by the
 * same callback, relative to the JSON file), an OpenVINO IR (`.xml`; the `.bin` beside it likewise), an ONNX
 * model (`.onnx`; files of weights beside it likewise), a TensorFlow Lite model (`.tflite`) or a model of
 * FFmpeg's native backend (`.model`). The format is told by the content, not by the name.
 *
 * @param path as the user wrote it in the filter's option `model`.
 * @throws DnnError `ENOENT` for a missing file; `EINVAL` for what is no such model, with what it is instead
 *   and what to do; `ENOSYS` for a tfjs layers model, and for a model of OpenVINO, ONNX or TensorFlow Lite
 *   with layers that are not known.
 */
export async function openModel(
  path: string,
  readFile: ReadFile,
  options: ReadModelOptions = {},
): Promise<LoadedModel> {
  const bytes = await readModelFile(path, readFile);
  const found = recogniseModel(bytes);
  if (found === undefined) {
    const refused = await refusalByName(path, readFile);
    if (refused !== undefined) throw refused;
    throw new DnnError(
      'EINVAL',
      `option model: '${path}' is no model that can be read (wrong content from byte 0); give ${formatsInWords()}`,
      { option: 'model', file: path, offset: 0 },
    );
  }
  if ('instead' in found) {
    throw new DnnError('EINVAL', `option model: '${path}' is ${found.what}; ${found.instead}`, {
      option: 'model',
      file: path,
    });
  }
  try {
    const format: ModelFormat = found;
    return { format: found, ...(await format.read(bytes, path, readFile, options)) };
  } catch (error) {
    // Weights without their model start with any bytes, also with those of a format.
    throw (await refusalByName(path, readFile)) ?? error;
  }
}

/** The graph of `openModel`. */
export async function loadModel(path: string, readFile: ReadFile): Promise<Graph> {
  return (await openModel(path, readFile)).graph;
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
