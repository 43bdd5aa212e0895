/** How a file begins, as far as it tells the format. */

const latin1 = new TextDecoder('latin1');

/** How much is looked at to tell whether the file is text. */
const textBytes = 4096;

/** How much is compared with words. */
const wordBytes = 1024;

/** Looks at the first bytes of a file. */
export class FileStart {
  /** All of the file. */
  readonly bytes: Uint8Array;
  /** Its first bytes, each as the character of its number. */
  readonly text: string;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.text = latin1.decode(bytes.subarray(0, wordBytes));
  }

  /** True where the bytes stand at the offset. */
  has(offset: number, ...expected: number[]): boolean {
    return expected.every((byte, index) => this.bytes[offset + index] === byte);
  }

  /**
   * True for text: a GraphDef may start like some (its first byte is a line feed, its second one any
   * character), but no node of one is without control characters.
   */
  get isText(): boolean {
    const isControl = (byte: number): boolean =>
      byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;
    return !this.bytes.subarray(0, textBytes).some(isControl);
  }

  /** The text without a mark of its byte order and without the blanks before its first word. */
  get trimmed(): string {
    return this.text.replace(/^ï»¿/, '').trimStart();
  }
}
