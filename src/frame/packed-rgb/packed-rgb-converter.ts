/** What makes packed 24-bit pixels of frames of one format and size. */
import type { Frame } from '../frame.ts';

export interface PackedRgbConverter {
  /** @param dst the pixels, in rows without a gap; of it the caller gives at least 3 bytes for each. */
  convert(frame: Frame, dst: Uint8Array): void;
}
