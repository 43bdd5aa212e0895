import { expect, test, vi } from 'vitest';
import type { EncoderCapability } from '../../../codecs/codec-contract.ts';
import type { AssetUrls } from '../../../workers/asset-urls.ts';
import { requireEncoder } from './require-encoder.ts';

let found: EncoderCapability;
vi.mock('./probed-codecs.ts', () => ({ probedEncoder: () => Promise.resolve(found) }));

const bits = { kind: 'bitrate', bitsPerSecond: 1e6 } as const;
const works: EncoderCapability = {
  name: 'vp9_webcodecs',
  codec: 'vp9',
  pixelFormats: ['yuv420p', 'yuv444p'],
  rateControl: ['bitrate'],
};
const require = (capability: EncoderCapability, more: object = {}, hasFFmpeg = true): Promise<void> => {
  found = capability;
  const setup = { codec: 'vp9', pixelFormat: 'yuv420p', rate: bits, ...more } as const;
  return requireEncoder({} as AssetUrls, setup, hasFFmpeg);
};

test('an encoder that gives frames back is taken', async () => {
  await expect(require(works)).resolves.toBeUndefined();
});

test.each([
  [
    { ...works, pixelFormats: [], reason: 'a frame is lost' },
    {},
    'vp9_webcodecs: this browser has no such encoder that works (a frame is lost): write -c:v libvpx-vp9 -deadline realtime -cpu-used 8.',
  ],
  [
    works,
    { pixelFormat: 'yuv420p10le' },
    "vp9_webcodecs: this browser's encoder gives back yuv420p, yuv444p, not yuv420p10le: " +
      'write -pix_fmt yuv420p, or -c:v libvpx-vp9 -deadline realtime -cpu-used 8.',
  ],
  [
    works,
    { rate: { kind: 'quantizer', quantizer: 30 } },
    "vp9_webcodecs: a constant quality (-crf, -qp) has no effect on this browser's encoder: " +
      'write -c:v libvpx-vp9 -deadline realtime -cpu-used 8.',
  ],
  [
    { ...works, rateControl: [] },
    {},
    "vp9_webcodecs: a bit rate (-b:v) has no effect on this browser's encoder: write -c:v libvpx-vp9 -deadline realtime -cpu-used 8.",
  ],
] as const)(
  'what does not come back is refused, with what to write: %#',
  async (capability, more, message) => {
    await expect(require(capability, more)).rejects.toMatchObject({ code: 'ENOSYS', message });
  },
);

test('where no ffmpeg could encode, the headers are named', async () => {
  await expect(require({ ...works, pixelFormats: [] }, {}, false)).rejects.toThrow(
    'write another encoder of those that -encoders lists, or serve the page with the headers for -c:v libvpx-vp9 -deadline realtime -cpu-used 8.',
  );
});
