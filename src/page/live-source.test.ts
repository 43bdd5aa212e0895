import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readSource, type LiveSink, type LiveSource } from './live-source.ts';

/** What came through the port, and what was told. */
let posted: { readonly frame: unknown }[];
let failures: unknown[];
/** What the next `new VideoFrame` does. */
let makeFrame: (source: unknown) => void;

class FakeBitmap {
  readonly close = vi.fn();
}

class FakeVideo {
  readonly paused = true;
  readonly readyState = 4;
  present: ((now: number, frame: { readonly presentationTime: number }) => void) | undefined;
  requestVideoFrameCallback(callback: NonNullable<FakeVideo['present']>): number {
    this.present = callback;
    return 1;
  }
  cancelVideoFrameCallback(): void {
    this.present = undefined;
  }
}

beforeEach(() => {
  posted = [];
  failures = [];
  makeFrame = () => undefined;
  vi.stubGlobal('HTMLVideoElement', FakeVideo);
  vi.stubGlobal('HTMLMediaElement', { HAVE_CURRENT_DATA: 2 });
  vi.stubGlobal('ImageBitmap', FakeBitmap);
  vi.stubGlobal(
    'MessageChannel',
    class {
      readonly port1 = { postMessage: (message: { frame: unknown }) => posted.push(message), close: vi.fn() };
      readonly port2 = {};
    },
  );
  vi.stubGlobal(
    'VideoFrame',
    class {
      readonly source: unknown;
      constructor(source: unknown) {
        this.source = source;
        makeFrame(source);
      }
    },
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const sink: LiveSink = {
  stream: () => undefined,
  frames: () => undefined,
  isPaused: () => false,
  ended: () => undefined,
  failed: (error) => failures.push(error),
};

const read = (source: unknown) => readSource(source as LiveSource, sink);

test('a paused video whose frame is not there yet gives it once it is, and no error', () => {
  const video = new FakeVideo();
  makeFrame = () => {
    throw new DOMException('Invalid source state', 'InvalidStateError');
  };
  const feed = read(video);
  expect([posted, failures]).toEqual([[], []]);
  makeFrame = () => undefined;
  video.present!(0, { presentationTime: 5 });
  expect(posted).toHaveLength(1);
  feed.refresh();
  expect(posted).toHaveLength(2);
  expect(failures).toEqual([]);
  feed.stop();
  expect(video.present).toBeUndefined();
});

test('a video that may not be read is told once', () => {
  const video = new FakeVideo();
  makeFrame = () => {
    throw new DOMException('tainted', 'SecurityError');
  };
  const feed = read(video);
  feed.refresh();
  video.present!(0, { presentationTime: 5 });
  expect(posted).toEqual([]);
  expect(failures).toEqual([expect.objectContaining({ name: 'SecurityError' })]);
});

test('a picture is copied without its alpha in its colours; the copy is let go, the picture is not', async () => {
  const [picture, copy] = [new FakeBitmap(), new FakeBitmap()];
  const create = vi.fn(() => Promise.resolve(copy));
  vi.stubGlobal('createImageBitmap', create);
  const feed = read(picture);
  await vi.waitFor(() => {
    expect(posted).toHaveLength(1);
  });
  expect(create.mock.calls).toEqual([[picture, { premultiplyAlpha: 'none' }]]);
  expect(posted[0]!.frame).toMatchObject({ source: copy });
  feed.refresh();
  feed.stop();
  await vi.waitFor(() => {
    expect(copy.close).toHaveBeenCalledOnce();
  });
  expect([posted.length, picture.close.mock.calls.length]).toEqual([1, 0]);
});

test('a picture that was closed is told once', async () => {
  const closed = new DOMException('closed', 'InvalidStateError');
  vi.stubGlobal('createImageBitmap', () => Promise.reject(closed));
  const feed = read(new FakeBitmap());
  feed.refresh();
  feed.stop();
  await vi.waitFor(() => {
    expect(failures).toEqual([closed]);
  });
  expect(posted).toEqual([]);
});
