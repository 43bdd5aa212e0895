/** Reads a file and writes another, one after the other. */
import { CallQueue } from '../base/call-queue.ts';
import { DnnError } from '../base/errors.ts';
import type { EncodedPacket } from '../media/nut/encoded-packet.ts';
import type { ContainerApi, FileWrite, InputFacts, TimeRange, WriteSetup } from './container-contract.ts';
import { MediaInput } from './media-input.ts';
import { MediaOutput } from './media-output.ts';

/** The containers of a container worker, which ends with its job. */
export class ContainerSession implements ContainerApi {
  #input: MediaInput | undefined;
  #output: MediaOutput | undefined;
  readonly #calls = new CallQueue();

  openInput(file: Blob, range: TimeRange): Promise<InputFacts> {
    return this.#calls.serve(async () => {
      this.#input?.close();
      this.#input = await MediaInput.open(file, range);
      return this.#input.facts();
    });
  }

  rewind(): Promise<void> {
    return this.#calls.serve(() => this.#opened().rewind());
  }

  readVideo(most: number): Promise<readonly EncodedPacket[]> {
    return this.#calls.serve(() => this.#opened().readVideo(most));
  }

  beginWriting(setup: WriteSetup): Promise<readonly FileWrite[]> {
    return this.#calls.serve(async () => {
      await this.#output?.cancel();
      this.#output = await MediaOutput.begin(setup, this.#opened());
      return this.#output.take();
    });
  }

  writeVideo(packets: readonly EncodedPacket[]): Promise<readonly FileWrite[]> {
    return this.#calls.serve(async () => {
      const output = this.#begun();
      await output.addVideo(packets);
      return output.take();
    });
  }

  writeAudio(seconds: number): ReturnType<ContainerApi['writeAudio']> {
    return this.#calls.serve(async () => {
      const output = this.#begun();
      const isEnd = await output.addAudio(seconds);
      return { writes: output.take(), isEnd };
    });
  }

  finishWriting(): Promise<readonly FileWrite[]> {
    return this.#calls.serve(async () => {
      const output = this.#begun();
      await output.finish();
      this.#output = undefined;
      return output.take();
    });
  }

  #opened(): MediaInput {
    if (this.#input === undefined) throw new DnnError('EINVAL', 'No input is open: call openInput first.');
    return this.#input;
  }

  #begun(): MediaOutput {
    if (this.#output === undefined)
      throw new DnnError('EINVAL', 'No output is open: call beginWriting first.');
    return this.#output;
  }
}
