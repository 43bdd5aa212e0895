/** Models of TensorFlow.js: graph models and layers models. */
import { layoutByShape } from '../input-layout.ts';
import type { ModelFormat } from '../model-format.ts';
import { readTfjsModel } from './read-tfjs-model.ts';

export const tfjsFormat = {
  name: 'tfjs',
  what: 'a tfjs model',
  files: 'model.json',
  recognises: (start) => start.isText && start.trimmed.startsWith('{'),
  read: async (bytes, path, readFile) => ({ graph: await readTfjsModel(bytes, path, readFile) }),
  conventions: { layout: layoutByShape, pixelOrder: 'rgb', defaultBackend: 'tensorflow' },
  filesBeside: {
    // The names of the shards stand in the JSON; any may be one.
    partsOf: (name, folder) => (/\.json$/.test(name) ? folder.filter((file) => file.endsWith('.bin')) : []),
    modelOf: (name) => (/\.bin$/i.test(name) ? 'model.json' : undefined),
  },
} as const satisfies ModelFormat;
