/** Where the bytes of a container go: to where the outputs of ffmpeg go, too. */
import { OutputOp, type OutputRecord } from '../../media/output/output-channel.ts';
import type { CoreOutputEvent } from '../../media/core-event.ts';
import type { OutputBytes } from './container-sink.ts';

/** The only file of the command. */
const file = 1;

/** Takes what is told of output files, as a core tells it. */
export interface OutputListener {
  /** Left out where nothing is kept. */
  onOutput?(event: CoreOutputEvent): void;
  /** Resolves once what it was told has been done. */
  applied?(): Promise<void>;
}

/** @param path absolute. */
export function containerOutput(collector: OutputListener, path: string): OutputBytes {
  const tell = async (op: OutputRecord['op'], offset: number, payload: Uint8Array): Promise<void> => {
    const record = { op, file, offset, length: payload.length };
    collector.onOutput?.({ kind: 'output', record, payload });
    await collector.applied?.();
  };
  return {
    create: () => tell(OutputOp.create, 0, new TextEncoder().encode(path)),
    write: ({ position, data }) => tell(OutputOp.write, position, data),
  };
}
