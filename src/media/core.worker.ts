/**
 * The worker of `@ffmpeg/ffmpeg`'s class, which keeps the compiled core that comes with the message to load
 * one, and whose end is noticed, however it comes.
 */
import '@ffmpeg/ffmpeg/worker';
import type { CompiledCore } from './compiled-core.ts';
import { coreEventLog } from './core-event.ts';
import { announceLife, announcedLock, engineLocks } from './life-lock.ts';

/** The class sends its configuration as it is, so that it can have more properties than the class knows. */
interface ClassMessage {
  readonly type: string;
  readonly data?: CompiledCore;
}

// The worker's own listener comes first, but has to await core-module, which then finds what is kept here.
addEventListener('message', ({ data: { type, data } }: MessageEvent<ClassMessage>) => {
  if (type === 'LOAD') globalThis.compiledFFmpegCore = data?.compiled;
});

/** The class gives on nothing by itself but lines of the log. */
const log = {
  postMessage: (message: unknown) => {
    const lock = announcedLock(message);
    if (lock !== undefined) postMessage({ type: 'LOG', data: coreEventLog({ kind: 'life', lock }) });
  },
};
void announceLife(log, engineLocks());
