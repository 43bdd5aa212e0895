/** Runs live video for the specs: sources whose pixels are known, and looks at the canvas. */
import { LiveVideo, type DetectionsEvent, type LiveResources, type LiveStats } from '../src/index.ts';
import { offerShownClips } from './shown-clips.ts';

/** How to start. */
export interface LiveStart {
  /**
   * A canvas of `size` whose gray counts frames; one that keeps four colours; the fake
   * camera; or the clip of `makeClip`.
   */
  readonly source: 'counter' | 'colors' | 'camera' | 'clip';
  readonly filter: string;
  /** Contents in base64, or addresses. */
  readonly files: Readonly<Record<string, string | { readonly base64: string }>>;
  /** Of the source where it is a canvas or the camera. */
  readonly size?: readonly [width: number, height: number];
  /** Takes away what would read a stream, so that frames go the other way. */
  readonly withoutProcessor?: boolean;
  /** Adds a track of sound to a source that is a canvas. */
  readonly withSound?: boolean;
}

/** One look at the canvas. */
export interface Look {
  readonly width: number;
  readonly height: number;
  /** R, G and B at the middle of each quarter: top left, top right, bottom left, bottom right. */
  readonly quarters: readonly (readonly number[])[];
}

/** The four colours of the source `colors`. */
export const fourColors = ['#c83232', '#32b464', '#3c50dc', '#ffffff'] as const;

declare global {
  interface Window {
    live: LiveVideo | undefined;
    errors: string[];
    /** What live video ended with, as often as it said so; null where with nothing. */
    ends: (string | null)[];
    log: string[];
    found: DetectionsEvent[];
    startLive(start: LiveStart): Promise<void>;
    lookLive(): Look;
    /**
     * Of the source `counter`: gray of its last frame, and what the canvas
     * shows; each time the latter changes.
     */
    watchCounter(ms: number): Promise<readonly { readonly drawn: number; readonly shown: number }[]>;
    statsLive(): LiveStats;
    setFilterLive(filter: string, files: LiveStart['files']): Promise<void>;
    /** Changes the size of a source that is a canvas. */
    resizeSource(width: number, height: number): void;
    stopLive(): Promise<LiveResources>;
    /** Stops the pictures of a source that is a stream. */
    endSource(): void;
    /** Records the source `colors` for the source `clip`. */
    makeClip(): Promise<void>;
  }
}

let clip: Blob | undefined;
let output: HTMLCanvasElement | undefined;
let source: { readonly canvas: HTMLCanvasElement; readonly timer: number } | undefined;
let stream: MediaStream | undefined;
let counter = 0;
const looking = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;

function bytes(base64: string): Blob {
  return new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))]);
}

function filesOf(files: LiveStart['files']): Record<string, Blob | string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, file]) => [name, typeof file === 'string' ? file : bytes(file.base64)]),
  );
}

function drawnSource(kind: 'counter' | 'colors', [width, height]: readonly [number, number]): MediaStream {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d')!;
  const draw = (): void => {
    counter += 1;
    const [w, h] = [canvas.width / 2, canvas.height / 2];
    const gray = `rgb(${counter % 250} ${counter % 250} ${counter % 250})`;
    fourColors.forEach((color, place) => {
      context.fillStyle = kind === 'counter' ? gray : color;
      context.fillRect((place % 2) * w, place < 2 ? 0 : h, w, h);
    });
  };
  draw();
  source = { canvas, timer: window.setInterval(draw, 40) };
  return canvas.captureStream(25);
}

async function sourceOf({
  source: kind,
  size = [64, 48],
  withSound = false,
}: LiveStart): Promise<HTMLVideoElement | MediaStream> {
  if (kind === 'counter' || kind === 'colors') {
    stream = drawnSource(kind, size);
    if (withSound)
      stream.addTrack(new AudioContext().createMediaStreamDestination().stream.getAudioTracks()[0]!);
    return stream;
  }
  if (kind === 'camera') {
    const [width, height] = size;
    return (stream = await navigator.mediaDevices.getUserMedia({ video: { width, height } }));
  }
  const video = document.createElement('video');
  video.src = URL.createObjectURL(clip!);
  video.loop = true;
  video.muted = true;
  document.body.append(video);
  await video.play();
  return video;
}

window.LiveVideo = LiveVideo;
offerShownClips();
window.startLive = async (start) => {
  if (start.withoutProcessor === true) Reflect.deleteProperty(globalThis, 'MediaStreamTrackProcessor');
  output = document.createElement('canvas');
  document.body.append(output);
  window.errors = [];
  window.ends = [];
  window.log = [];
  window.found = [];
  window.live = await LiveVideo.start({
    source: await sourceOf(start),
    canvas: output,
    filter: start.filter,
    files: filesOf(start.files),
    onError: ({ message }) => window.errors.push(message),
    onEnd: (error) => window.ends.push(error?.message ?? null),
    onLog: ({ message }) => window.log.push(message),
    onDetections: (event) => window.found.push(event),
  });
};

window.lookLive = () => {
  const { width, height } = output!;
  [looking.canvas.width, looking.canvas.height] = [width, height];
  looking.drawImage(output!, 0, 0);
  const at = (x: number, y: number): number[] => [
    ...looking.getImageData(Math.floor(x * width), Math.floor(y * height), 1, 1).data.slice(0, 3),
  ];
  return { width, height, quarters: [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)] };
};

window.watchCounter = async (ms) => {
  const seen: { drawn: number; shown: number }[] = [];
  const end = performance.now() + ms;
  while (performance.now() < end) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const shown = window.lookLive().quarters[0]![0]!;
    if (shown !== seen.at(-1)?.shown) seen.push({ drawn: counter % 250, shown });
  }
  return seen;
};

window.statsLive = () => window.live!.stats;
window.setFilterLive = (filter, files) => window.live!.setFilter(filter, filesOf(files));
window.resizeSource = (width, height) => {
  [source!.canvas.width, source!.canvas.height] = [width, height];
};

window.endSource = () => {
  for (const track of stream?.getVideoTracks() ?? []) track.stop();
};

window.stopLive = async () => {
  await window.live!.stop();
  clearInterval(source?.timer);
  for (const track of stream?.getTracks() ?? []) track.stop();
  for (const element of document.querySelectorAll('video, canvas')) element.remove();
  return window.live!.resources();
};

window.makeClip = async () => {
  const recorder = new MediaRecorder(drawnSource('colors', [64, 48]), { videoBitsPerSecond: 4e6 });
  const recorded = new Promise<Blob>((resolve) => {
    recorder.ondataavailable = ({ data }) => {
      resolve(data);
    };
  });
  recorder.start();
  setTimeout(() => {
    recorder.stop();
  }, 600);
  clip = await recorded;
  clearInterval(source?.timer);
};
