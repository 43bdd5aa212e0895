/** The rule of imports under src/, for the linter, for src/import-rules.test.ts and for the drawing in ARCHITECTURE.md. */

/**
 * The folders from bottom to top. A folder imports itself and what stands on a lower row; folders of one row are
 * siblings and do not import each other. A file directly in src/ counts as a folder of its own name.
 *
 * @type {readonly (readonly string[])[]}
 */
export const layers = [
  ['base'],
  ['frame', 'filtergraph', 'graph'],
  ['model'],
  ['dnn'],
  ['filters', 'backends', 'media'],
  ['workers'],
  ['pipeline', 'page', 'service-worker'],
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
