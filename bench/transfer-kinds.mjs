/** Sorts what a page fetched by what it is for. */

/** @typedef {import('./static-server.mjs').Transfer} Transfer */

/** In the order of the report. */
export const transferKinds = /** @type {const} */ ([
  "the page's own code",
  'workers',
  'core of ffmpeg.wasm',
  'kernels of the native backend',
  'model',
]);

/** @typedef {(typeof transferKinds)[number]} TransferKind */

/**
 * Bytes as sent, by kind.
 *
 * @param {readonly Transfer[]} transfers in the order of the answers
 * @returns {Map<TransferKind, number>}
 */
export function bytesByKind(transfers) {
  const bytes = new Map(transferKinds.map((kind) => [kind, 0]));
  // A worker's modules are asked for by the worker's script, or by one that it asked for.
  const workerCode = new Set();
  for (const transfer of transfers) {
    if (transfer.destination === 'worker' || workerCode.has(transfer.referrer)) workerCode.add(transfer.path);
    const kind = kindOf(transfer, workerCode.has(transfer.path));
    bytes.set(kind, (bytes.get(kind) ?? 0) + transfer.bytes);
  }
  return bytes;
}

/**
 * @param {Transfer} transfer
 * @param {boolean} isWorkerCode
 * @returns {TransferKind}
 */
function kindOf({ path }, isWorkerCode) {
  if (/\/ffmpeg-core[^/]*$/.test(path)) return 'core of ffmpeg.wasm';
  if (path.endsWith('.wasm')) return 'kernels of the native backend';
  if (/\.(pb|model|bin|json)$/.test(path)) return 'model';
  return isWorkerCode ? 'workers' : "the page's own code";
}
