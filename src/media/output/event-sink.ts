/** Sends what happens to output files as events of the core, for a page without shared memory. */
import type { CoreOutputEvent } from '../core-event.ts';
import type { CoreSink } from './core-sink.ts';
import { encodePacket, type MuxedPacket } from '../mp4/muxed-packet.ts';
import { MemoryFile } from './memory-file.ts';
import { OutputOp, type OutputRecord } from './output-channel.ts';

const nothing = new Uint8Array(0);

/** Nobody can answer a blocked core: what it reads back comes from a copy of its own. */
export class EventSink implements CoreSink {
  readonly #files = new Map<number, MemoryFile>();
  readonly #send: (event: CoreOutputEvent) => void;

  constructor(send: (event: CoreOutputEvent) => void) {
    this.#send = send;
  }

  create(file: number, path: string): void {
    this.#files.set(file, new MemoryFile());
    this.#tell(OutputOp.create, file, 0, new TextEncoder().encode(path));
  }

  write(file: number, offset: number, bytes: Uint8Array): void {
    this.#files.get(file)?.write(offset, bytes);
    // A message takes the whole memory behind a view along: the core's heap.
    this.#tell(OutputOp.write, file, offset, bytes.slice());
  }

  truncate(file: number, size: number): void {
    this.#files.get(file)?.truncate(size);
    this.#tell(OutputOp.truncate, file, size);
  }

  read(file: number, offset: number, into: Uint8Array): number {
    return this.#files.get(file)?.read(offset, into) ?? 0;
  }

  rename(file: number, path: string): void {
    this.#tell(OutputOp.rename, file, 0, new TextEncoder().encode(path));
  }

  unlink(file: number): void {
    this.#files.delete(file);
    this.#tell(OutputOp.unlink, file, 0);
  }

  close(file: number): void {
    this.#tell(OutputOp.close, file, 0);
  }

  packet(packet: MuxedPacket): void {
    this.#tell(OutputOp.packet, 0, 0, encodePacket(packet));
  }

  #tell(op: OutputRecord['op'], file: number, offset: number, payload: Uint8Array = nothing): void {
    this.#send({ kind: 'output', record: { op, file, offset, length: payload.length }, payload });
  }
}
