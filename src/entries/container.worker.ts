/** Entry of a container worker: reads and writes files on pages where no ffmpeg does. */
import type { ContainerApi, FileWrite } from '../containers/container-contract.ts';
import { ContainerSession } from '../containers/container-session.ts';
import { exposeForLife } from '../workers/expose-worker.ts';
import { transferred } from '../workers/proxied.ts';

const session = new ContainerSession();

const api: ContainerApi = {
  openInput: (file, range) => session.openInput(file, range),
  rewind: () => session.rewind(),
  readVideo: async (most) => {
    const packets = await session.readVideo(most);
    const data = packets.map((packet) => packet.data);
    return transferred(packets, data);
  },
  beginWriting: async (setup) => handedOver(await session.beginWriting(setup)),
  writeVideo: async (packets) => handedOver(await session.writeVideo(packets)),
  writeAudio: async (seconds) => {
    const written = await session.writeAudio(seconds);
    return transferred(written, buffersOf(written.writes));
  },
  finishWriting: async () => handedOver(await session.finishWriting()),
};

/** With its buffers, which are not copied. */
function handedOver(writes: readonly FileWrite[]): readonly FileWrite[] {
  return transferred(writes, buffersOf(writes));
}

/** Writes may share a buffer. */
function buffersOf(writes: readonly FileWrite[]): readonly ArrayBuffer[] {
  return [...new Set(writes.map(({ data }) => data.buffer))];
}

exposeForLife(api);
