import { expect, test } from 'vitest';
import { streamVector, type StreamVectorName } from '../../codecs/bitstream/stream-vectors.test-support.ts';
import type { DecodedFrame } from '../../codecs/codec-contract.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import { firstFrame } from './first-frame.ts';

const frame: DecodedFrame = { format: 'yuv420p', width: 64, height: 48, pts: 0, buffer: new ArrayBuffer(8) };

/** The first frame of a vector with a decoder that decodes anything. */
function first(name: StreamVectorName, change?: (bytes: Uint8Array) => void) {
  const { stream, packet } = streamVector(name);
  change?.(new Uint8Array(packet.data));
  const calls: string[] = [];
  const worker = (api: object): never => {
    const called = new Proxy(api, {
      get: (target, method: string) => {
        calls.push(method);
        return Reflect.get(target, method) as unknown;
      },
    });
    return { call: (use: (api: object) => unknown) => Promise.resolve(use(called)) } as never;
  };
  const packets: EncodedPacket[] = [packet];
  const workers = {
    container: worker({ readVideo: () => packets.splice(0), rewind: () => undefined }),
    decoder: worker({
      beginDecoding: () => undefined,
      decode: () => ({ frames: [frame], failure: undefined }),
      closeDecoder: () => undefined,
    }),
  };
  const { extradata, width, height, sampleAspectRatio, timeBase } = stream;
  const facts = { width, height, sampleAspectRatio, timeBase, codec: 'h264' as const, codecString: 'avc1' };
  const video = {
    ...{ ...facts, frameRate: 25, rotation: 0 as const, seconds: undefined },
    ...(extradata === undefined ? {} : { description: extradata }),
  };
  const found = firstFrame(workers, video, { codec: 'avc1', timeBase }, Infinity);
  return { found, calls };
}

test('the first frame is decoded, and the container is at its start again', async () => {
  const { found, calls } = first('avcc');
  expect(await found).toBe(frame);
  expect(calls).toEqual(['beginDecoding', 'readVideo', 'decode', 'closeDecoder', 'rewind']);
});

test('what browsers do not decode as ffmpeg does is refused undecoded', async () => {
  const cut = first('crop');
  await expect(cut.found).rejects.toMatchObject({
    code: 'ENOSYS',
    message: 'its pictures are cut by 6 columns at the left and 4 rows at the top, which ffmpeg decodes',
  });
  expect(cut.calls).not.toContain('decode');
  // nal_unit_type 1: not an IDR picture.
  const later = first('avcc', (bytes) => (bytes[4] = 0x61));
  await expect(later.found).rejects.toThrow('h264 does not begin with a picture that needs no other, which');
  const damaged = first('avcc', (bytes) => (bytes[3] = 0xff));
  await expect(damaged.found).rejects.toMatchObject({ code: 'EINVAL' });
});
