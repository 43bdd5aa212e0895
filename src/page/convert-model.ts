/** Converts models of other formats to FFmpeg's `.model`. */
import type { ReadFile } from '../model/model-format.ts';

/**
 * Reads a model (`.pb`, tfjs `model.json` or `.model`) and writes it as a `.model` file of version 1.23.
 *
 * @param model the file's bytes.
 * @param readFile gives the shards of a tfjs model by their paths in its manifest.
 * @param path of the model, for messages and as the folder of its shards.
 * @returns the bytes of the file; the caller owns them.
 * @throws DnnError `EINVAL` for a file that cannot be read, `ENOSYS` naming
 * everything that the format cannot hold.
 */
export async function convertModel(
  model: Uint8Array,
  readFile: ReadFile,
  path = 'model',
): Promise<Uint8Array> {
  // The readers of all formats are much code, which a page that converts nothing must not load.
  const [{ loadModel }, { writeNativeModel }] = await Promise.all([
    import('../model/load-model.ts'),
    import('../model/native/write-native-model.ts'),
  ]);
  const graph = await loadModel(path, (wanted) =>
    wanted === path ? Promise.resolve(model) : readFile(wanted),
  );
  return writeNativeModel(graph);
}
