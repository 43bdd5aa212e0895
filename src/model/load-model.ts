/** A model file of any supported format to a Graph. */
import { DnnError, errorMessage } from '../base/errors.ts';
import type { Graph } from '../graph/graph.ts';
import { readGraphDef } from './graphdef/read-graphdef.ts';
import { recogniseModel } from './model-format.ts';
import { readNativeModel } from './native/read-native-model.ts';
import { readTfjsModel } from './tfjs/read-tfjs-model.ts';

/** Gives the bytes of a file; rejects where it does not exist. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/**
 * Reads a model: a frozen TensorFlow graph (`.pb`), a tfjs model (`model.json`; its shards are read by the same callback,
 * relative to the JSON file) or a model of FFmpeg's native backend (`.model`). The format is told by the content, not by
 * the name.
 *
 * @param path as the user wrote it in the filter's option `model`.
 * @throws DnnError `ENOENT` for a missing file; `EINVAL` for what is no such model, with what it is instead and what to
 *   do; `ENOSYS` for a tfjs layers model with layers that are not known.
 */
export async function loadModel(path: string, readFile: ReadFile): Promise<Graph> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new DnnError(
      'ENOENT',
      `option model: cannot read '${path}': ${errorMessage(error)}; check the path`,
      { option: 'model', file: path },
      { cause: error },
    );
  }
  const format = recogniseModel(bytes);
  if (format === 'graphdef') return readGraphDef(bytes, path);
  if (format === 'native') return readNativeModel(bytes, path);
  if (format === 'tfjs') return readTfjsModel(bytes, path, readFile);
  if (format !== undefined) {
    throw new DnnError('EINVAL', `option model: '${path}' is ${format.what}; ${format.instead}`, {
      option: 'model',
      file: path,
    });
  }
  throw new DnnError(
    'EINVAL',
    `option model: '${path}' is no model that can be read (wrong content from byte 0); ` +
      "give a frozen TensorFlow graph (.pb), a tfjs model (model.json) or a model of FFmpeg's native backend (.model)",
    { option: 'model', file: path, offset: 0 },
  );
}
