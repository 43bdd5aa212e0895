/** What the stages of one job say, as one log: each line with its stage, and what two stages say alike only once. */

/** The message of a line without the demuxer or codec that says it and that one's address. */
function messageOf(line: string): string {
  return line.replace(/^(\[[^\]]* @ 0x[0-9a-f]+\] )+/, '');
}

/** Whether a line is a complaint of a part, rather than one of ffmpeg's lists of streams and settings. */
function isComplaint(line: string): boolean {
  return /^\[[^\]]* @ 0x[0-9a-f]+\] /.test(line);
}

export class StageLog {
  readonly #write: (line: string) => void;
  readonly #decoderSaid = new Set<string>();
  #isDecoderMuted = false;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /** Nobody reads the decoder's frames any more: its complaints about that are no news. */
  muteDecoder(): void {
    this.#isDecoderMuted = true;
  }

  decoder(line: string): void {
    if (this.#isDecoderMuted) return;
    if (isComplaint(line)) this.#decoderSaid.add(messageOf(line));
    this.#write(`[decode] ${line}`);
  }

  /** The encoding stage opens the inputs too: what is wrong with them has been said. */
  later(label: string, line: string): void {
    if (isComplaint(line) && this.#decoderSaid.has(messageOf(line))) return;
    this.#write(`[${label}] ${line}`);
  }
}
