/** The log of a run whose packets are followed: takes out what only this project asked for. */
import { logLevels, type LogLevel } from '../../base/log.ts';
import type { FollowedLog } from './followed-log.ts';
import { isTimestampLine, type MuxedPacket, parsePacketLine } from './muxed-packet.ts';

/** `[libx264 @ 0x1234] [info] text`: who says it, the level that `level+` adds, and what is said. */
const tagged = /^((?:\[[^\]]* @ 0x[0-9a-f]+\] )*)\[([a-z]+)\] (.*)$/s;

/** What ffmpeg prints in place of lines that equal the one before. */
const repeated = /^ {4}Last message repeated (\d+) times/;

export class PacketLog {
  readonly #options: FollowedLog;
  readonly #onPacket: (packet: MuxedPacket) => void;
  /** Of the last line, if it told one. */
  #packet: MuxedPacket | undefined;
  #isShown = true;

  constructor(options: FollowedLog, onPacket: (packet: MuxedPacket) => void) {
    this.#options = options;
    this.#onPacket = onPacket;
  }

  /** @returns the line as the user is to see it; undefined where it is not to be seen. */
  line(message: string): string | undefined {
    const { addedLevel, showsPackets } = this.#options;
    const [, who = '', level, text = message] = tagged.exec(message) ?? [];
    const again = repeated.exec(message);
    if (again !== null) {
      this.#tell(Number(again[1]));
      return this.#isShown ? message : undefined;
    }
    this.#packet = parsePacketLine(text);
    this.#tell(1);
    const isOurs = !showsPackets && isTimestampLine(text);
    if (addedLevel === undefined) {
      this.#isShown = !isOurs;
      return this.#isShown ? message : undefined;
    }
    // A line without a level goes on with the one before.
    if (level !== undefined) this.#isShown = !isOurs && isWanted(level, text, addedLevel.shown);
    if (!this.#isShown) return undefined;
    return addedLevel.isKept && !isStatus(text) ? message : who + text;
  }

  #tell(times: number): void {
    for (let left = times; left > 0 && this.#packet !== undefined; left--) this.#onPacket(this.#packet);
  }
}

/** Its status ffmpeg prints without a level where the level is below `info`. */
function isWanted(level: string, text: string, shown: LogLevel): boolean {
  return !isLevel(level) || logLevels[level] <= logLevels[shown] || isStatus(text);
}

function isStatus(text: string): boolean {
  return /^(frame|L?size)=.* speed=/.test(text);
}

function isLevel(name: string): name is LogLevel {
  return name in logLevels;
}
