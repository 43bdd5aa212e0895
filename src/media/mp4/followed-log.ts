/** How the log of a run is read whose packets are followed. */
import type { LogLevel } from '../../base/log.ts';

/** A run with `-debug_ts`, whose lines tell the packets. */
export interface FollowedLog {
  /** Whether the user wants these lines too. */
  readonly showsPackets: boolean;
  /** Whether the user's words hide ffmpeg's status lines, which those of the run do not. */
  readonly hidesStatus?: boolean;
  /**
   * Where the user's level hides them, the run has `level+info` in its place: lines above `shown` are dropped
   * then, and of the others the level in front is taken off unless the user asked for it.
   */
  readonly addedLevel?: { readonly shown: LogLevel; readonly isKept: boolean };
}
