import { afterEach, expect, test, vi } from 'vitest';
import { probeDecoder } from './decoder-probe.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Decodes every packet to a frame of zeros in this format, `shown` of them. */
function stubDecoder(format: string, shown: number): void {
  class Decoder extends EventTarget {
    static isConfigSupported = (): Promise<object> => Promise.resolve({ supported: true });
    readonly state = 'configured';
    readonly decodeQueueSize = 0;
    readonly #output: (frame: object) => void;
    readonly #times: number[] = [];
    constructor({ output }: { output: (frame: object) => void }) {
      super();
      this.#output = output;
    }
    configure(): void {
      this.#times.length = 0;
    }
    decode({ timestamp }: { timestamp: number }): void {
      this.#times.push(timestamp);
    }
    flush(): Promise<void> {
      for (const timestamp of this.#times.sort((a, b) => a - b).slice(0, shown)) {
        const visibleRect = { x: 0, y: 0, width: 180, height: 148 };
        const allocationSize = (): number => 180 * 148 * 1.5;
        const copyTo = (_: ArrayBuffer, { layout }: { layout: object[] }): Promise<object[]> =>
          Promise.resolve(layout);
        this.#output({ format, timestamp, visibleRect, allocationSize, copyTo, close: () => undefined });
      }
      return Promise.resolve();
    }
    close(): void {
      this.#times.length = 0;
    }
  }
  vi.stubGlobal('VideoDecoder', Decoder);
  vi.stubGlobal(
    'EncodedVideoChunk',
    class {
      readonly timestamp: number;
      constructor({ timestamp }: { timestamp: number }) {
        this.timestamp = timestamp;
      }
    },
  );
}

test.each([
  ['I420', 3, 'its frames are not those of ffmpeg'],
  ['I420', 2, 'it gives 2 frames of 3'],
  ['NV12', 3, 'it gives nv12 for yuv420p'],
  ['BGRX', 3, 'it gives frames as BGRX, not as planes'],
])('%s, %d frames: %s', async (format, shown, reason) => {
  stubDecoder(format, shown);
  expect(await probeDecoder('vp8')).toEqual({ codec: 'vp8', pixelFormats: [], reason });
});

test('a browser without the interface says so', async () => {
  const { pixelFormats, reason } = await probeDecoder('h264');
  expect(pixelFormats).toEqual([]);
  expect(reason).toContain('it has no VideoDecoder in workers');
});
