/** What makes yuv420p of packed pixels of one size. */
export interface Yuv420pConverter {
  /**
   * @param rgb the rows of rgb24 without a gap, 3 bytes a pixel.
   * @returns the three planes, each without a gap, behind each other; good until the next call.
   */
  convert(rgb: Uint8Array): Uint8Array<ArrayBuffer>;
}
