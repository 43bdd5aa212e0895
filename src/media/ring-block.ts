/**
 * The blocking sides of a frame pipe, for the thread in which ffmpeg's core runs:
 * they wait with `Atomics.wait`.
 */
import { type FrameRing, readerTurnWord, RingState, writerTurnWord } from './frame-ring.ts';

/** How long one wait lasts before `shouldStop` is asked again, in milliseconds. */
const slice = 100;

/** What a blocking call needs to know from outside. */
export interface BlockContext {
  /** True: waiting no longer makes sense, the user wants to stop. */
  readonly shouldStop: () => boolean;
  /** Told how many milliseconds a wait lasted. */
  readonly onBlocked: (milliseconds: number) => void;
}

/** Outcome of a blocking call that moved no byte. */
export type BlockEnd = 'end' | 'broken' | 'closed' | 'stopped';

function waitTurn(ring: FrameRing, index: number, turn: number, context: BlockContext): void {
  const start = performance.now();
  Atomics.wait(ring.words, index, turn, slice);
  context.onBlocked(performance.now() - start);
}

/** Blocks until at least one byte was copied into `into` (then its count) or none will come. */
export function readBlocking(
  ring: FrameRing,
  into: Uint8Array | Int8Array,
  context: BlockContext,
): number | BlockEnd {
  for (;;) {
    const turn = Atomics.load(ring.words, writerTurnWord);
    if (ring.readerClosed) return 'closed';
    const state = ring.state;
    const count = ring.tryRead(into);
    if (count > 0) return count;
    if (state === RingState.ended) return 'end';
    if (state === RingState.broken) return 'broken';
    if (context.shouldStop()) return 'stopped';
    waitTurn(ring, writerTurnWord, turn, context);
  }
}

/** Blocks until all of `bytes` is in the ring; undefined then, else why not. */
export function writeBlocking(
  ring: FrameRing,
  bytes: Uint8Array | Int8Array,
  context: BlockContext,
): BlockEnd | undefined {
  let done = 0;
  while (done < bytes.length) {
    const turn = Atomics.load(ring.words, readerTurnWord);
    if (ring.readerClosed) return 'closed';
    if (ring.state !== RingState.open) return 'broken';
    const count = ring.tryWrite(bytes.subarray(done));
    done += count;
    if (count > 0) continue;
    if (context.shouldStop()) return 'stopped';
    waitTurn(ring, readerTurnWord, turn, context);
  }
  return undefined;
}
