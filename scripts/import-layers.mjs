/** The rule of imports under src/, for the linter, for src/import-rules.test.ts and for the drawing in ARCHITECTURE.md. */

/**
 * The rooms from bottom to top: folders of src/, or folders in them. A room imports itself and what stands on a lower row;
 * rooms of one row are siblings and do not import each other. A file directly in src/ counts as a room of its own name.
 *
 * @type {readonly (readonly string[])[]}
 */
export const layers = [
  ['base'],
  ['frame', 'filtergraph', 'graph'],
  ['model'],
  ['dnn/contract'],
  ['dnn/options', 'dnn/schedule', 'dnn/run'],
  ['dnn/tuning'],
  ['filters', 'backends', 'media'],
  ['workers'],
  ['page', 'service-worker', 'pipeline/command', 'pipeline/frames', 'pipeline/instance', 'pipeline/report'],
  ['pipeline/planning'],
  ['pipeline/inference'],
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
  { prefix: '@ffmpeg/', home: 'media' },
  { prefix: 'comlink', home: 'workers' },
  { prefix: '@rgrove/', home: 'model' },
  { prefix: 'playwright', home: 'cli' },
];
