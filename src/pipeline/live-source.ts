/**
 * Takes frames from a page's video source to the live worker. A stream of frames is transferred as it is, so that none of
 * them touches the page; where there is none, each frame is transferred as the browser presents it.
 */
import type { PostedFrame } from '../workers/live-api.ts';

export type LiveSource = HTMLVideoElement | MediaStream | MediaStreamTrack;

/** Where frames go. */
export interface LiveSink {
  /** Takes a stream over. */
  stream(frames: ReadableStream<VideoFrame>): void;
  /** Takes a port over, to which a PostedFrame is sent with each message. */
  frames(port: MessagePort): void;
  /** Whether nobody wants frames at the moment. */
  isPaused(): boolean;
  /** Takes what went wrong after the start. */
  failed(error: unknown): void;
}

/** Not in TypeScript's library yet. */
declare class MediaStreamTrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
  constructor(init: { readonly track: MediaStreamTrack; readonly maxBufferSize?: number });
}

/** Whether this browser gives a page its frames in one of the two ways. */
export function canReadFrames(): boolean {
  return hasProcessor() || 'requestVideoFrameCallback' in HTMLVideoElement.prototype;
}

/**
 * @returns ends it: tracks that were made here stop, those of the page go on.
 * @throws what the browser throws: for a track that has ended, for a video of another origin.
 */
export function readSource(source: LiveSource, sink: LiveSink): () => void {
  if (source instanceof HTMLVideoElement) return readElement(source, sink);
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
      transfersStreams = false;
    }
  }
  return transfersStreams;
}

/** Reads every video track that the stream has or gets. */
function readTracks(stream: MediaStream, sink: LiveSink): () => void {
  const read = (track: MediaStreamTrack): void => {
    // One frame is enough: what comes late is not shown.
    if (track.kind === 'video')
      sink.stream(new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable);
  };
  const onTrack = ({ track }: MediaStreamTrackEvent): void => {
    try {
      read(track);
    } catch (error) {
      sink.failed(error);
    }
  };
  stream.getVideoTracks().forEach(read);
  stream.addEventListener('addtrack', onTrack);
  return () => {
    stream.removeEventListener('addtrack', onTrack);
  };
}

function readElement(video: HTMLVideoElement, sink: LiveSink): () => void {
  const { captureStream } = video as Partial<{ captureStream(this: HTMLVideoElement): MediaStream }>;
  if (captureStream === undefined || !hasProcessor()) return presentFrames(video, sink);
  const stream = captureStream.call(video);
  const stop = readTracks(stream, sink);
  const stills = presentStills(video, sink);
  return () => {
    stop();
    stills();
    for (const track of stream.getTracks()) track.stop();
  };
}

/** The captured stream of an element has no frames while it is paused: the one that is seen is sent by itself. */
function presentStills(video: HTMLVideoElement, sink: LiveSink): () => void {
  const poster = new FramePoster(sink);
  const present = (): void => {
    if (video.paused && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) poster.post(video, now());
  };
  present();
  const events = ['loadeddata', 'seeked'] as const;
  for (const event of events) video.addEventListener(event, present);
  return () => {
    for (const event of events) video.removeEventListener(event, present);
    poster.close();
  };
}

/** Sends each frame of an element as it is presented. */
function presentFrames(video: HTMLVideoElement, sink: LiveSink): () => void {
  const poster = new FramePoster(sink);
  let handle = 0;
  const next = (): void => {
    handle = video.requestVideoFrameCallback((_now, { presentationTime }) => {
      poster.post(video, performance.timeOrigin + presentationTime);
      next();
    });
  };
  if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) poster.post(video, now());
  next();
  return () => {
    video.cancelVideoFrameCallback(handle);
    poster.close();
  };
}

/** Plays a stream that cannot be read in an element that nobody sees. */
function readHiddenElement(stream: MediaStream, sink: LiveSink): () => void {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  video.play().catch((error: unknown) => {
    if (video.srcObject !== null) sink.failed(error);
  });
  const stop = presentFrames(video, sink);
  return () => {
    stop();
    video.srcObject = null;
  };
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Posts an element's frames to the worker. */
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

  /** @param presentedAt as of PostedFrame. */
  post(video: HTMLVideoElement, presentedAt: number): void {
    if (this.#sink.isPaused()) return;
    try {
      const frame = new VideoFrame(video);
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
