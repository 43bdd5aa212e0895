/**
 * The rule of imports under src/, for the linter, for src/import-rules.test.ts and for
 * the drawing in ARCHITECTURE.md.
 */

/**
 * The rooms from bottom to top: folders of src/, or folders in them, of any depth. A file is in the deepest
 * room that it lies in. A room imports itself and what stands on a lower row; rooms of one row are siblings
 * and do not import each other. A file directly in src/ counts as a room of its own name.
 *
 * @type {readonly (readonly string[])[]}
 */
export const layers = [
  ['base'],
  ['frame', 'filtergraph', 'graph'],
  ['model'],
  ['dnn/contract'],
  ['dnn/options', 'dnn/schedule', 'dnn/run', 'backends/native/lowering'],
  ['dnn/tuning', 'backends/native/wasm'],
  ['filters', 'backends', 'media'],
  ['codecs', 'containers'],
  ['workers'],
  ['page', 'service-worker', 'pipeline/command', 'pipeline/frames', 'pipeline/instance', 'pipeline/report'],
  ['pipeline/planning'],
  ['pipeline/inference', 'pipeline/ffmpeg'],
  ['pipeline/codecs'],
  ['pipeline/containers'],
  ['pipeline/job', 'pipeline/live'],
  ['index'],
  ['element'],
  ['demo', 'cli'],
  ['entries'],
];

/**
 * Third-party packages by the start of their names, and the one folder that may touch each of them.
 *
 * @type {readonly { readonly prefix: string, readonly home: string }[]}
 */
export const packageHomes = [
  { prefix: '@tensorflow/', home: 'backends' },
  { prefix: 'onnxruntime-web', home: 'backends' },
  { prefix: '@ffmpeg/', home: 'media' },
  { prefix: 'comlink', home: 'workers' },
  { prefix: '@rgrove/', home: 'model' },
  { prefix: 'flatbuffers', home: 'model' },
  { prefix: 'mediabunny', home: 'containers' },
  { prefix: 'playwright', home: 'cli' },
];

/** Row of each room, from the bottom. */
const rows = new Map(layers.flatMap((names, row) => names.map((name) => /** @type {const} */ ([name, row]))));

/**
 * The room of a file: the deepest one that it lies in.
 *
 * @param {string} file path below src/, with slashes.
 * @returns {string | undefined} undefined where the table has none.
 */
export function roomOf(file) {
  const parts = file.replace(/\.ts$/, '').split('/');
  const folders = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
  return folders.find((folder) => rows.has(folder));
}

/**
 * True where a file of one room may import a file of the other.
 *
 * @param {string} from
 * @param {string} to
 */
export function mayImport(from, to) {
  return from === to || (rows.get(to) ?? -1) < (rows.get(from) ?? -1);
}
