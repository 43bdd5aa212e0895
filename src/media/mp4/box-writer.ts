/** Writes boxes of ISO/IEC 14496-12. */

/** One after the other. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Unsigned numbers of 32 bits; what is larger is cut. */
export function words(values: readonly number[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, index) => {
    view.setUint32(4 * index, value);
  });
  return new Uint8Array(view.buffer);
}

/** The two words of an unsigned number below 2^53. */
export function longWords(value: number): [high: number, low: number] {
  return [Math.floor(value / 2 ** 32), value % 2 ** 32];
}

/** A box of these parts. Its size, below 4 GiB, is written in 32 bits. */
export function box(type: string, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = parts.reduce((sum, { length }) => sum + length, 8);
  const code = Uint8Array.from(type, (letter) => letter.charCodeAt(0));
  return concat([words([size]), code, ...parts]);
}

/** A box whose body is version 0, no flags, and these words. */
export function wordBox(type: string, values: readonly number[], version = 0): Uint8Array<ArrayBuffer> {
  return box(type, words([version * 2 ** 24, ...values]));
}
