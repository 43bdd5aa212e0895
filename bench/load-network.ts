/** Loads a network's file as the product does. */
import type { DNNModelSpec } from '../src/dnn/contract/interface.ts';
import { optimizeGraph } from '../src/graph/optimize-graph.ts';
import { loadModel } from '../src/model/load-model.ts';

/** @param url of a GraphDef with the input `x` and the output `y`. */
export async function loadNetwork(url: string): Promise<DNNModelSpec> {
  const bytes = await fetchBytes(url);
  const names = { input: 'x', outputs: ['y'] };
  const { graph, batchFree } = optimizeGraph(await loadModel(url, () => Promise.resolve(bytes)), names);
  return { graph, batchFree, ...names };
}

/** @throws Error where the server does not send it. */
export async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
