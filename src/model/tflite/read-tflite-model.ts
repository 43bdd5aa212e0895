/** A TensorFlow Lite model to a Graph. */
import { checkGraph } from '../check-graph.ts';
import type { ModelFile, ReadModelOptions } from '../model-format.ts';
import { packedLabels } from './packed-labels.ts';
import { GraphReader } from './graph-reader.ts';
import { readModelTable } from './schema/read-model-table.ts';

/**
 * Reads a .tflite: its first subgraph. Nodes have the names of the tensors that they give; the signature has
 * the names of the file's signature, or those of its tensors. Layouts stay as they are (NHWC). Quantised
 * values are held as the real values that they stand for, rounded behind each operator as the quantiser does.
 *
 * @throws DnnError `EINVAL` with the byte offset for a damaged file; `ENOSYS` naming every operator that is
 *   not known, all of them at once.
 */
export function readTfliteModel(
  bytes: Uint8Array,
  path: string,
  { inputResizable = false }: ReadModelOptions = {},
): ModelFile {
  const graph = new GraphReader(readModelTable(bytes, path), path, inputResizable).read();
  checkGraph(graph, path);
  const labels = packedLabels(bytes);
  return { graph, ...(labels === undefined ? {} : { labels }) };
}
