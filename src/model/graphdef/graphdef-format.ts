/** Frozen TensorFlow graphs. */
import { layoutByShape } from '../input-layout.ts';
import type { ModelFormat } from '../model-format.ts';
import { readGraphDef } from './read-graphdef.ts';

export const graphdefFormat = {
  name: 'graphdef',
  what: 'a frozen TensorFlow graph',
  files: '.pb',
  // Field 1 (node), 2 (library), 3 (version) or 4 (versions) of a GraphDef.
  recognises: (start) => [0x0a, 0x12, 0x18, 0x22].some((byte) => start.has(0, byte)) && !start.isText,
  read: (bytes, path) => Promise.resolve().then(() => ({ graph: readGraphDef(bytes, path) })),
  conventions: { layout: layoutByShape, pixelOrder: 'rgb', defaultBackend: 'tensorflow' },
} as const satisfies ModelFormat;
