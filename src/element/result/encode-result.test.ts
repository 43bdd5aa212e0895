import { expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import { encodeResult, type EncodedJob } from './encode-result.ts';

const job = {
  wish: { format: 'mp4', quality: 'good' },
  sound: ['aac'],
  hasFFmpeg: true,
  capabilities: () => Promise.reject(new Error('nobody asks')),
  onNotice: () => undefined,
} satisfies Partial<EncodedJob<unknown>>;

/** Runs a wish in a browser that has no encoder of these codecs. */
async function runWithout(format: 'mp4' | 'webm', missing: readonly string[], hasFFmpeg = true) {
  const tried: string[] = [];
  const told: string[] = [];
  const codecs = (['h264', 'vp8', 'vp9'] as const).filter((codec) => !missing.includes(codec));
  const encoders = codecs.map((codec) => ({
    ...{ codec, name: `${codec}_webcodecs`, pixelFormats: ['yuv420p' as const] },
    rateControl: ['bitrate' as const],
  }));
  const used = await encodeResult({
    ...{ ...job, wish: { format, quality: 'good' }, hasFFmpeg },
    capabilities: () => Promise.resolve({ encoders }),
    run(options) {
      const [, encoder = ''] = options.split(' ');
      const codec = encoder.replace('_webcodecs', '');
      const isByRate = options.includes('-bits_per_pixel');
      tried.push(isByRate ? `${codec} by rate` : codec);
      const isThere = codec.startsWith('lib') || (isByRate && !missing.includes(codec));
      return isThere
        ? Promise.resolve(encoder)
        : Promise.reject(new DnnError('ENOSYS', `no ${codec}`, { codec }));
    },
    onNotice({ message, reason }) {
      told.push(`${message} ${reason ?? ''}`);
    },
  });
  return { tried, told, used };
}

test('the best encoder that works is used, and said where it is not the usual one', async () => {
  expect(await runWithout('mp4', [])).toMatchObject({ told: [], used: 'h264_webcodecs' });
  expect(await runWithout('webm', [])).toMatchObject({ tried: ['vp9', 'vp9 by rate'], told: [] });
  expect(await runWithout('mp4', ['h264'])).toEqual({
    tried: ['h264 by rate', 'libx264'],
    told: [
      "The browser's H.264 encoder does not work here: ffmpeg's x264 takes its place, which takes longer. no h264",
    ],
    used: 'libx264',
  });
  expect(await runWithout('webm', ['vp9', 'vp8'])).toEqual({
    tried: ['vp9', 'libvpx'],
    told: [
      "The browser's VP9 encoder does not work here: ffmpeg's VP8 encoder takes its place, which takes longer. no vp9",
    ],
    used: 'libvpx',
  });
});

test('no encoder of ffmpeg is tried where there is none', async () => {
  expect(await runWithout('webm', ['vp9'], false)).toMatchObject({ used: 'vp8_webcodecs' });
  await expect(runWithout('mp4', ['h264'], false)).rejects.toThrow('no h264');
});

test('any other failure is the end', async () => {
  const errors = [
    new DnnError('ENOSYS', 'no such op', { op: 'Foo' }),
    new DnnError('EIO', 'lost', { codec: 'h264' }),
    new DOMException('Cancelled.', 'AbortError'),
  ];
  for (const error of errors) {
    let runs = 0;
    const run = (): Promise<never> => {
      runs++;
      return Promise.reject(error);
    };
    await expect(encodeResult({ ...job, run })).rejects.toBe(error);
    expect(runs).toBe(1);
  }
});
