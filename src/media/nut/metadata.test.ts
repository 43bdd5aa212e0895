import { expect, test } from 'vitest';
import { ByteBuffer } from './byte-buffer.ts';
import { ByteReader } from './byte-reader.ts';
import { memorySource } from './memory-stream.ts';
import { frameRateInfoFields, readInfo } from './metadata.ts';

async function infoOf(bytes: Uint8Array): Promise<unknown> {
  return readInfo(new ByteReader(memorySource(bytes)), bytes.length);
}

/** An info packet of stream 2 with one text. */
function textInfo(name: string, value: string, chapterId = 0): Uint8Array {
  const fields = new ByteBuffer();
  fields.varlen(3); // stream_id_plus1
  fields.signed(chapterId);
  for (const number of [0, 0, 1]) fields.varlen(number);
  fields.blob(new TextEncoder().encode(name));
  fields.signed(-1);
  fields.blob(new TextEncoder().encode(value));
  return fields.bytes;
}

test('a frame rate comes back', async () => {
  const fields = frameRateInfoFields({ num: 24000, den: 1001 });
  expect(await infoOf(fields)).toEqual({ streamId: 0, frameRate: { num: 24000, den: 1001 } });
  expect(await infoOf(textInfo('r_frame_rate', '25/1'))).toEqual({
    streamId: 2,
    frameRate: { num: 25, den: 1 },
  });
});

test.each(['0/0', '25/0', '0/1', '1000/1', '25', '-25/1', '99999999999/1', '9999999999/9999999998', ''])(
  '%j is no frame rate',
  async (rate) => {
    expect(await infoOf(textInfo('r_frame_rate', rate))).toEqual({ streamId: 2, frameRate: undefined });
  },
);

test('other names, long texts and chapters say nothing about the rate', async () => {
  expect(await infoOf(textInfo('title', '25/1'))).toMatchObject({ frameRate: undefined });
  expect(await infoOf(textInfo('title', 'x'.repeat(5000)))).toMatchObject({ frameRate: undefined });
  expect(await infoOf(textInfo('r_frame_rate', '25/1', 1))).toBeUndefined();
});
