/** Models of FFmpeg's native backend. */
import { layoutByShape } from '../input-layout.ts';
import type { FileStart } from '../file-start.ts';
import type { ModelFormat } from '../model-format.ts';
import { readNativeModel } from './read-native-model.ts';

/**
 * With its header, or as before 4.3 without: small little-endian int32, the number of layers and the
 * type of the first one, or that type and its first field. A GraphDef cannot start that way: its second
 * field would have the number 0.
 */
function recognises(start: FileStart): boolean {
  if (start.text.startsWith('FFMPEGDNNNATIVE')) return true;
  const { bytes } = start;
  return (
    bytes.length >= 8 && bytes[0]! > 0 && start.has(1, 0, 0, 0) && bytes[4]! <= 8 && start.has(5, 0, 0, 0)
  );
}

export const nativeFormat = {
  name: 'native',
  what: "a model of FFmpeg's native backend",
  files: '.model',
  recognises,
  read: (bytes, path) => Promise.resolve().then(() => ({ graph: readNativeModel(bytes, path) })),
  conventions: { layout: layoutByShape, pixelOrder: 'rgb', defaultBackend: 'tensorflow' },
} as const satisfies ModelFormat;
