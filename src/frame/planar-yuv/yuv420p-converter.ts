/** What makes yuv420p of packed pixels of one size. */
export interface Yuv420pConverter {
  /**
   * @param rgb the rows of rgb24 without a gap, 3 bytes a pixel.
   * @param yuv takes the three planes, each without a gap, behind each other.
   */
  convert(rgb: Uint8Array, yuv: Uint8Array): void;
}
