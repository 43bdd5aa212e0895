/** The frame that all backends get. */
import { seededValues } from './seeded-values.mjs';

/**
 * @param {import('../src/dnn/contract/interface.ts').FrameSize} size
 * @returns {Float32Array} channels last, 0 to 1
 */
export function benchInput({ width, height, channels }) {
  return seededValues(width * height * channels, 1000, { from: 0, to: 1 });
}
