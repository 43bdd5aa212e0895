/**
 * Takes frames from a page's video source to the live worker. Of a track the stream of its frames is
 * transferred, so that none of them touches the page; of a video element, and where the browser gives no such
 * stream, each frame is transferred as it is presented; a picture is transferred once.
 */
import type { PostedFrame } from '../workers/live-api.ts';

/**
 * Of what live video is made; it stays the caller's. A picture gives one frame,
 * and one more for each new filter.
 */
export type LiveSource = HTMLVideoElement | MediaStream | MediaStreamTrack | ImageBitmap;

/** Where frames go. */
export interface LiveSink {
  /** Takes a stream over, which is read in place of an earlier one. */
  stream(frames: ReadableStream<VideoFrame>): void;
  /** Takes a port over, to which a PostedFrame is sent with each message. */
  frames(port: MessagePort): void;
  /** Whether nobody wants frames at the moment. */
  isPaused(): boolean;
  /** Told where no more frames will come, and the sink does not see that by itself. */
  ended(): void;
  /** Takes what went wrong after the start. */
  failed(error: unknown): void;
}

/** A source that is read. */
export interface LiveFeed {
  /**
   * Sends the frame that is seen once more, where no other one will come by itself: a
   * picture, a video that is paused.
   */
  refresh(): void;
  /**
   * Called where a stream that the sink was given has ended.
   *
   * @returns whether the source had another track to read.
   */
  readNext(): boolean;
  /** Ends the reading; tracks go on. */
  stop(): void;
}

/** TypeScript's library has it for workers only. */
declare class MediaStreamTrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
  constructor(init: { readonly track: MediaStreamTrack; readonly maxBufferSize?: number });
}

/**
 * Whether this browser tells of the frames that an element presents: what every
 * kind of source can be read by.
 */
export function canReadFrames(): boolean {
  return 'requestVideoFrameCallback' in HTMLVideoElement.prototype;
}

/** @throws what the browser throws: for a track that has ended, for a video of another origin. */
export function readSource(source: LiveSource, sink: LiveSink): LiveFeed {
  if (source instanceof ImageBitmap) return sendPicture(source, sink);
  // captureStream() would paint the element again and again at a rate of its own, on the page's thread.
  if (source instanceof HTMLVideoElement) return presentFrames(source, sink);
  const stream = source instanceof MediaStream ? source : new MediaStream([source]);
  return hasProcessor() ? readTracks(stream, sink) : readHiddenElement(stream, sink);
}

function hasProcessor(): boolean {
  return typeof MediaStreamTrackProcessor === 'function' && canTransferStreams();
}

/** Safari has the class in workers only, and older engines cannot transfer what it reads. */
let transfersStreams: boolean | undefined;
function canTransferStreams(): boolean {
  if (transfersStreams === undefined) {
    try {
      const stream = new ReadableStream();
      structuredClone(stream, { transfer: [stream] });
      transfersStreams = true;
    } catch {
      // The refusal is the answer.
      transfersStreams = false;
    }
  }
  return transfersStreams;
}

/** Reads the stream's video track, and one that it gets later in place of that. */
function readTracks(stream: MediaStream, sink: LiveSink): LiveFeed {
  const read = (track: MediaStreamTrack | undefined): void => {
    if (track?.kind !== 'video') return;
    // One frame is enough: what comes late is not shown.
    sink.stream(new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable);
  };
  const onTrack = ({ track }: MediaStreamTrackEvent): void => {
    try {
      read(track);
    } catch (error) {
      sink.failed(error);
    }
  };
  const isLive = ({ readyState }: MediaStreamTrack): boolean => readyState === 'live';
  read(stream.getVideoTracks()[0]);
  stream.addEventListener('addtrack', onTrack);
  return {
    refresh: () => undefined,
    readNext: () => {
      const next = stream.getVideoTracks().find(isLive);
      read(next);
      return next !== undefined;
    },
    stop: () => {
      stream.removeEventListener('addtrack', onTrack);
    },
  };
}

/** Sends a picture, which goes nowhere by itself. */
function sendPicture(picture: ImageBitmap, sink: LiveSink): LiveFeed {
  const poster = new FramePoster(sink);
  // A bitmap may hold colours that alpha is multiplied into, and does not tell. A copy holds them straight.
  const straight = createImageBitmap(picture, { premultiplyAlpha: 'none' });
  let isStopped = false;
  const refresh = (): void => {
    const send = (copy: ImageBitmap): void => {
      const now = performance.timeOrigin + performance.now();
      if (!isStopped) poster.post(() => new VideoFrame(copy, { timestamp: 0 }), now);
    };
    straight.then(send, () => undefined); // told below
  };
  straight.catch((error: unknown) => {
    sink.failed(error);
  });
  refresh();
  return {
    refresh,
    readNext: () => false,
    stop: () => {
      isStopped = true;
      poster.close();
      straight.then(
        (copy) => {
          copy.close();
        },
        () => undefined, // told above
      );
    },
  };
}

/** Sends each frame of an element as it is presented. */
function presentFrames(video: HTMLVideoElement, sink: LiveSink): LiveFeed {
  const poster = new FramePoster(sink);
  const current = (): VideoFrame | undefined => presentedFrame(video);
  let handle = 0;
  const next = (): void => {
    handle = video.requestVideoFrameCallback((_now, { presentationTime }) => {
      poster.post(current, performance.timeOrigin + presentationTime);
      next();
    });
  };
  const refresh = (): void => {
    if (!video.paused || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    poster.post(current, performance.timeOrigin + performance.now());
  };
  refresh();
  next();
  return {
    refresh,
    readNext: () => false,
    stop: () => {
      video.cancelVideoFrameCallback(handle);
      poster.close();
    },
  };
}

/**
 * What an element shows; undefined while it has decoded nothing: its data may have come, but an element in no
 * document is in no hurry. It calls back when it has.
 */
function presentedFrame(video: HTMLVideoElement): VideoFrame | undefined {
  try {
    return new VideoFrame(video);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'InvalidStateError') return undefined;
    throw error;
  }
}

/** Plays a stream that cannot be read in an element that nobody sees. */
function readHiddenElement(stream: MediaStream, sink: LiveSink): LiveFeed {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  // Sound would keep the player alive where the picture has ended.
  const pictures = new MediaStream(stream.getVideoTracks());
  const onTrack = ({ track }: MediaStreamTrackEvent): void => {
    if (track.kind === 'video') pictures.addTrack(track);
  };
  stream.addEventListener('addtrack', onTrack);
  video.srcObject = pictures;
  video.play().catch((error: unknown) => {
    if (video.srcObject !== null) sink.failed(error);
  });
  // None of its tracks is live any more: the standard has the player say so, Chromium and Safari the stream.
  const onEnded = (): void => {
    sink.ended();
  };
  video.addEventListener('ended', onEnded);
  pictures.addEventListener('inactive', onEnded);
  const feed = presentFrames(video, sink);
  return {
    ...feed,
    stop: () => {
      feed.stop();
      stream.removeEventListener('addtrack', onTrack);
      pictures.removeEventListener('inactive', onEnded);
      video.srcObject = null;
    },
  };
}

/** Posts frames to the worker. */
class FramePoster {
  readonly #sink: LiveSink;
  readonly #port: MessagePort;
  #hasFailed = false;

  constructor(sink: LiveSink) {
    this.#sink = sink;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    sink.frames(port2);
  }

  /** @param make the frame, where it is wanted and there is one. @param presentedAt as of PostedFrame. */
  post(make: () => VideoFrame | undefined, presentedAt: number): void {
    if (this.#sink.isPaused()) return;
    try {
      const frame = make();
      if (frame === undefined) return;
      this.#port.postMessage({ frame, presentedAt } satisfies PostedFrame, [frame]);
    } catch (error) {
      // Once: what cannot be read now, such as a video of another origin, cannot be read later.
      if (!this.#hasFailed) this.#sink.failed(error);
      this.#hasFailed = true;
    }
  }

  close(): void {
    this.#port.close();
  }
}
