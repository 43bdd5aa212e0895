/** The live worker's life: sources of frames, the chain that they go through, the canvas, and the figures. */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type {
  LiveApi,
  LiveEvents,
  LiveFiles,
  LiveResources,
  LiveSetup,
  PostedFrame,
} from '../../workers/live-api.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import { WorkerClient } from '../../workers/worker-client.ts';
import { BufferPool } from '../frames/buffer-pool.ts';
import { DetectionsRecorder } from '../report/detections-recorder.ts';
import { CaptureClock } from './capture-clock.ts';
import { FramePainter } from './frame-painter.ts';
import { LiveChain, type ChainResult } from './live-chain.ts';
import { readLiveFile } from './live-files.ts';
import { LiveMeter } from './live-meter.ts';
import { liveTimeBase } from './live-stage.ts';
import { NewestFrameQueue } from './newest-frame-queue.ts';
import { FrameReader } from './source/frame-reader.ts';

/** Often enough to read, seldom enough to cost nothing. */
const statsEveryMs = 250;

/** Idle buffers of each size: a frame in, its pixels, and its result, for each worker. */
const idleBuffers = 16;

/** Failures of different kinds that are remembered as told. */
const mostCauses = 100;

/** A frame of the source; its time is by `performance.now()` of this thread. */
interface CapturedFrame {
  readonly frame: VideoFrame;
  readonly capturedAt: number;
}

interface LiveResult extends ChainResult {
  readonly capturedAt: number;
}

/** What there is from `start` on. */
interface Running {
  readonly painter: FramePainter;
  readonly assets: AssetUrls;
  readonly events: LiveEvents;
  readonly detections: DetectionsRecorder;
  readonly timer: ReturnType<typeof setInterval>;
  readonly log: Logger;
  files: LiveFiles;
  chain: LiveChain;
}

export class LiveSession implements LiveApi {
  readonly #buffers = new BufferPool(idleBuffers);
  readonly #reader = new FrameReader(this.#buffers);
  readonly #meter = new LiveMeter();
  readonly #queue = new NewestFrameQueue<CapturedFrame, LiveResult>({
    most: () => this.#running?.chain.most ?? 1,
    run: (captured, slot) => this.#filter(captured, slot),
    show: (result) => {
      this.#show(result);
    },
    drop: ({ frame }) => {
      this.#close(frame);
    },
    discard: ({ frame }) => {
      this.#buffers.give(frame.buffer);
    },
  });
  readonly #readers = new Set<ReadableStreamDefaultReader<VideoFrame>>();
  readonly #ports = new Set<MessagePort>();
  readonly #told = new Set<string>();
  #running: Running | undefined;
  /** Changes of the filter run one after another. */
  #lastChange: Promise<unknown> = Promise.resolve();
  readonly #life = new AbortController();
  #isPaused = false;
  #videoFrames = 0;
  #framesFailed = 0;
  #startedAt: number | undefined;
  #size = { width: 0, height: 0 };

  async start({ canvas, filter, files, assets }: LiveSetup, events: LiveEvents): Promise<void> {
    const painter = new FramePainter(canvas);
    const log: Logger = (level, message) => {
      if (level === 'verbose' || level === 'debug' || level === 'trace') return;
      void events.log({ type: 'stderr', message: level === 'info' ? message : `${level}: ${message}` });
    };
    const chain = await this.#load(filter, files, { assets, events, log });
    const detections = new DetectionsRecorder({
      send: (found) => {
        void events.detections(found);
      },
      log,
    });
    const timer = setInterval(() => {
      if (!this.#isPaused) this.#tell();
    }, statsEveryMs);
    this.#running = { painter, assets, events, detections, timer, log, files, chain };
  }

  async addStream(stream: ReadableStream<VideoFrame>): Promise<void> {
    const before = this.#cancelReaders();
    const reader = stream.getReader();
    this.#readers.add(reader);
    void this.#read(reader);
    await before;
  }

  addFrames(port: MessagePort): Promise<void> {
    this.#ports.add(port);
    port.onmessage = ({ data }: MessageEvent<PostedFrame>) => {
      this.#arrived(data.frame, data.presentedAt - performance.timeOrigin);
    };
    return Promise.resolve();
  }

  setFilter(filter: string, files: LiveFiles): Promise<void> {
    const change = this.#lastChange.then(async () => {
      const running = this.#loaded();
      const all = { ...running.files, ...files };
      const chain = await this.#load(filter, all, running);
      const { signal } = this.#life;
      if (signal.aborted) {
        chain.terminate();
        throw signal.reason;
      }
      running.chain.retire();
      running.chain = chain;
      running.files = all;
      this.#told.clear();
    });
    this.#lastChange = change.catch(() => undefined); // its caller has the failure
    return change;
  }

  setPaused(paused: boolean): Promise<void> {
    this.#isPaused = paused;
    if (paused) this.#queue.clear();
    this.#tell();
    return Promise.resolve();
  }

  resources(): Promise<LiveResources> {
    return Promise.resolve({
      videoFrames: this.#videoFrames,
      buffers: this.#buffers.outstanding,
      streams: this.#readers.size,
      workers: WorkerClient.alive,
    });
  }

  async stop(): Promise<LiveResources> {
    const { chain, detections, timer } = this.#running ?? {};
    // The chain first: what fails since its workers end is no failure of a frame then.
    chain?.terminate();
    this.#life.abort(new DOMException('Live video was stopped.', 'AbortError'));
    clearInterval(timer);
    for (const port of this.#ports) port.close();
    await this.#cancelReaders();
    await this.#queue.close();
    await this.#lastChange;
    await detections?.finish(true);
    this.#tell();
    return this.resources();
  }

  /** A stream may have failed by itself: `#read` has told that. */
  async #cancelReaders(): Promise<void> {
    await Promise.allSettled([...this.#readers].map((reader) => reader.cancel()));
  }

  #loaded(): Running {
    if (this.#running === undefined)
      throw new DnnError('EINVAL', 'Live video is not started: call start() first.');
    return this.#running;
  }

  #load(
    filter: string,
    files: LiveFiles,
    { assets, events, log }: Pick<Running, 'assets' | 'events' | 'log'>,
  ): Promise<LiveChain> {
    return LiveChain.load({
      filter,
      readFile: readLiveFile(files),
      assets,
      reader: this.#reader,
      buffers: this.#buffers,
      log,
      report: (cause, error) => this.#report(cause, error, events),
      signal: this.#life.signal,
    });
  }

  async #read(reader: ReadableStreamDefaultReader<VideoFrame>): Promise<void> {
    const clock = new CaptureClock();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        const now = performance.now();
        this.#arrived(value, clock.capturedAt(value.timestamp, now));
      }
      const isLast = this.#readers.size === 1;
      if (isLast && !this.#life.signal.aborted) void this.#loaded().events.sourceEnded();
    } catch (error) {
      if (this.#life.signal.aborted) return;
      const message = `The video source failed: ${errorMessage(error)}`;
      this.#report(message, new DnnError('EIO', message, {}, { cause: error }), this.#loaded().events);
    } finally {
      this.#readers.delete(reader);
    }
  }

  #arrived(frame: VideoFrame, capturedAt: number): void {
    this.#videoFrames += 1;
    if (this.#isPaused || this.#life.signal.aborted || this.#running === undefined) {
      this.#close(frame);
      return;
    }
    this.#startedAt ??= capturedAt;
    this.#queue.push({ frame, capturedAt });
  }

  async #filter({ frame, capturedAt }: CapturedFrame, slot: number): Promise<LiveResult | undefined> {
    const pts = Math.round(1000 * (capturedAt - this.#startedAt!));
    const { chain } = this.#loaded();
    const result = await chain.run(frame, Math.max(0, pts), slot, () => {
      this.#close(frame);
    });
    if (result === undefined) return undefined;
    this.#meter.frameFiltered(result.ms, performance.now());
    return { ...result, capturedAt };
  }

  #show(result: LiveResult): void {
    const { painter, detections, events } = this.#loaded();
    const { frame, found, capturedAt } = result;
    try {
      painter.draw(result);
    } catch (error) {
      const message = `A frame of ${frame.width}x${frame.height} could not be drawn: ${errorMessage(error)}`;
      this.#report(message, new DnnError('EIO', message, {}, { cause: error }), events);
      return;
    } finally {
      this.#buffers.give(frame.buffer);
    }
    this.#size = painter.size;
    this.#meter.frameShown(capturedAt, performance.now());
    if (found !== undefined)
      detections.add(found.filter, { timeBase: liveTimeBase }, liveTimeBase, found.frame);
  }

  #close(frame: VideoFrame): void {
    this.#videoFrames -= 1;
    frame.close();
  }

  /** Tells each kind of failure once: it may come with every frame. */
  #report(cause: string, error: DnnError, events: LiveEvents): boolean {
    this.#framesFailed += 1;
    if (this.#told.has(cause) || this.#told.size >= mostCauses) return false;
    this.#told.add(cause);
    void events.failed(error);
    return true;
  }

  #tell(): void {
    const { events } = this.#running ?? {};
    void events?.stats({
      ...this.#meter.figures(performance.now()),
      ...this.#queue.counts,
      framesFailed: this.#framesFailed,
      ...this.#size,
    });
  }
}
