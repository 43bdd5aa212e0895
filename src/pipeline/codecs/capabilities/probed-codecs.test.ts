import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AssetUrls } from '../../../workers/asset-urls.ts';
import type { DnnError } from '../../../base/errors.ts';
import type * as ProbedCodecs from './probed-codecs.ts';

/** What the workers say when they are asked; may never settle. */
let answer: (call: string, codec: string) => Promise<unknown>;
const asked: string[] = [];
let alive = 0;
const kept = new Map<string, unknown>();

vi.mock('../../../workers/spawn.ts', () => ({
  spawnCodecWorker: (_assets: AssetUrls, _label: string, failure: (what: string) => DnnError) => {
    alive += 1;
    let reject: (reason: unknown) => void = () => undefined;
    const ask = (call: string) => (codec: string) => {
      asked.push(`${call} ${codec}`);
      return answer(call, codec);
    };
    return {
      call: (run: (api: object) => Promise<unknown>) =>
        new Promise((resolve, rejectCall) => {
          reject = rejectCall;
          run({ probeEncoder: ask('encoder'), probeDecoder: ask('decoder') }).then(resolve, rejectCall);
        }),
      giveUp: (what: string) => {
        reject(failure(what));
      },
      terminate: () => {
        alive -= 1;
      },
    };
  },
}));
vi.mock('./kept-values.ts', () => ({
  keptValue: (key: string) => Promise.resolve(kept.get(key)),
  keepValue: (key: string, value: unknown) => Promise.resolve(kept.set(key, value)),
}));

const assets = {} as AssetUrls;
let codecs: typeof ProbedCodecs;

/** As in a new pipeline worker. */
async function startAnew(): Promise<void> {
  vi.resetModules();
  codecs = await import('./probed-codecs.ts');
  asked.length = 0;
}

beforeEach(async () => {
  vi.stubGlobal('navigator', { userAgent: 'Browser/1' });
  kept.clear();
  answer = (call, codec) => Promise.resolve({ call, codec, pixelFormats: ['yuv420p'] });
  await startAnew();
});

afterEach(() => {
  expect(alive).toBe(0);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('each codec is asked once, and again by another version of the browser', async () => {
  const [first, second] = await Promise.all([codecs.probedCodecs(assets), codecs.probedCodecs(assets)]);
  expect(second).toEqual(first);
  expect(first.encoders.map(({ codec }) => codec)).toEqual(['h264', 'hevc', 'vp8', 'vp9', 'av1']);
  expect(first.decoders.map(({ codec }) => codec)).toEqual(['h264', 'hevc', 'vp8', 'vp9', 'av1']);
  expect(asked).toHaveLength(10);
  expect(await codecs.probedEncoder(assets, 'vp9')).toBe(first.encoders[3]);

  await startAnew();
  expect(await codecs.probedCodecs(assets)).toEqual(first);
  expect(asked).toEqual([]);

  vi.stubGlobal('navigator', { userAgent: 'Browser/2' });
  await startAnew();
  await codecs.probedDecoder(assets, 'av1');
  expect(asked).toEqual(['decoder av1']);
});

test('a worker that dies is the reason, for this page alone', async () => {
  answer = () => Promise.reject(new Error('its worker died'));
  const found = await codecs.probedEncoder(assets, 'h264');
  expect(found).toEqual({
    name: 'h264_webcodecs',
    codec: 'h264',
    pixelFormats: [],
    rateControl: [],
    reason: 'its worker died',
  });
  expect(kept.size).toBe(0);
});

test('a codec that hangs is given up', async () => {
  vi.useFakeTimers();
  answer = () => new Promise(() => undefined);
  const probing = codecs.probedDecoder(assets, 'hevc');
  await vi.waitFor(() => {
    expect(asked).toHaveLength(1);
  });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await probing).toEqual({
    codec: 'hevc',
    pixelFormats: [],
    reason: 'its worker hung: it has not answered for 30 s',
  });
});
