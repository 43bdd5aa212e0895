/** TensorFlow Lite models: one .tflite. */
import type { ModelFormat } from '../model-format.ts';
import { readTfliteModel } from './read-tflite-model.ts';

export const tfliteFormat = {
  name: 'tflite',
  what: 'a TensorFlow Lite model',
  files: '.tflite',
  // Before its mark stands an offset, which is small.
  recognises: (start) => start.text.slice(4, 8) === 'TFL3' && start.has(2, 0, 0),
  read: (bytes, path, _, options) => Promise.resolve().then(() => readTfliteModel(bytes, path, options)),
  conventions: { layout: () => 'nhwc', pixelOrder: 'rgb', defaultBackend: 'native' },
} as const satisfies ModelFormat;
