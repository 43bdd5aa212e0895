/**
 * What the stages of one job say, as one log: each line with its stage, and what
 * two stages say alike only once.
 */
import type { LogEvent } from '../../workers/pipeline-api.ts';
import { isPacketComplaint } from './packet-complaints.ts';

/** The message of a line without the demuxer or codec that says it and that one's address. */
function messageOf(line: string): string {
  return line.replace(/^(\[[^\]]* @ 0x[0-9a-f]+\] )+/, '');
}

/** Whether a line is a complaint of a part, rather than one of ffmpeg's lists of streams and settings. */
function isComplaint(line: string): boolean {
  return /^\[[^\]]* @ 0x[0-9a-f]+\] /.test(line);
}

export class StageLog {
  readonly #write: (event: LogEvent) => void;
  readonly #showsStatus: boolean;
  readonly #saidBefore = new Set<string>();
  #isUpstreamMuted = false;
  #framesEncoded: number | undefined;

  /** @param showsStatus whether ffmpeg's status lines (`frame= …`) are part of the log. */
  constructor(write: (event: LogEvent) => void, showsStatus: boolean) {
    this.#write = write;
    this.#showsStatus = showsStatus;
  }

  /** Frames that the encoder took by its own count; undefined before its first status line. */
  get framesEncoded(): number | undefined {
    return this.#framesEncoded;
  }

  /**
   * Nobody reads the frames of the stages before the encoder any more: their
   * complaints about that are no news.
   */
  muteUpstream(): void {
    this.#isUpstreamMuted = true;
  }

  /** A line of a stage that writes frames to a pipe. */
  upstream(label: string, line: string): void {
    if (this.#isUpstreamMuted) return;
    if (isComplaint(line)) this.#saidBefore.add(messageOf(line));
    this.#say(`[${label}] ${line}`);
  }

  /** A line of the encoding stage, which opens the inputs too: what is wrong with them has been said. */
  encoder(line: string): void {
    const status = /^frame= *(\d+) fps=/.exec(line);
    if (status !== null) this.#framesEncoded = Number(status[1]);
    if (status !== null && !this.#showsStatus) return;
    if (isPacketComplaint(line)) return;
    if (isComplaint(line) && this.#saidBefore.has(messageOf(line))) return;
    this.#say(`[encode] ${line}`);
  }

  /**
   * A line for standard output, of any stage: whoever reads it (`-progress pipe:1`,
   * `metadata=print:file=-`) knows no stages.
   */
  output(line: string): void {
    this.#write({ type: 'stdout', message: line });
  }

  #say(message: string): void {
    this.#write({ type: 'stderr', message });
  }
}
