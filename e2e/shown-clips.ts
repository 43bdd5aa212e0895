/** Shows clips and pictures by live video and by the browser, for the specs: both have to look alike. */
import { LiveVideo } from '../src/index.ts';

/** What is seen. */
export interface Seen {
  readonly width: number;
  readonly height: number;
  /** R, G and B at the middle of each quarter: top left, top right, bottom left, bottom right. */
  readonly quarters: readonly (readonly number[])[];
}

declare global {
  interface Window {
    /** What live video told, since the start. */
    told: string[];
    /** Starts with a `<video>` that is in no document, and a model in base64 named `m.pb`. */
    startShown(filter: string, model: string): Promise<void>;
    /** Loads a clip in base64 into the `<video>`, paused; resolves when live video has shown of it. */
    showClip(clip: string, type: string, seconds?: number): Promise<void>;
    /** Plays it from its begin; resolves at its end. */
    playShown(): Promise<void>;
    /** One more start, of a picture in base64; resolves when it is shown. */
    showPicture(picture: string, filter: string, model: string): Promise<Seen>;
    lookShown(): { readonly live: Seen; readonly video: Seen };
    stopShown(): Promise<void>;
  }
}

let video: HTMLVideoElement;
let canvas: HTMLCanvasElement;
let live: LiveVideo;

function blobOf(base64: string, type = ''): Blob {
  return new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type });
}

function seen(picture: CanvasImageSource, width: number, height: number): Seen {
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  context.drawImage(picture, 0, 0, width, height);
  const at = (x: number, y: number): number[] => [
    ...context.getImageData(Math.floor(x * width), Math.floor(y * height), 1, 1).data.slice(0, 3),
  ];
  return { width, height, quarters: [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)] };
}

async function start(source: HTMLVideoElement | ImageBitmap, filter: string, model: string): Promise<void> {
  canvas = document.createElement('canvas');
  document.body.append(canvas);
  window.told = [];
  live = await LiveVideo.start({
    ...{ source, canvas, filter, files: { 'm.pb': blobOf(model) } },
    onError: ({ message }) => window.told.push(message),
    onLog: ({ message }) => window.told.push(message),
  });
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Puts the functions on the window. */
export function offerShownClips(): void {
  window.startShown = (filter, model) => {
    video = document.createElement('video');
    video.muted = true;
    return start(video, filter, model);
  };

  window.showClip = async (clip, type, seconds = 0) => {
    const { framesShown } = live.stats;
    const loaded = new Promise((resolve, reject) => {
      video.onloadeddata = resolve;
      video.onerror = () => {
        reject(new Error(video.error!.message));
      };
    });
    video.src = URL.createObjectURL(blobOf(clip, type));
    video.currentTime = seconds;
    await loaded;
    await until(() => live.stats.framesShown > framesShown);
  };

  window.playShown = async () => {
    video.currentTime = 0;
    const ended = new Promise((resolve) => {
      video.onended = resolve;
    });
    await video.play();
    await ended;
  };

  window.showPicture = async (picture, filter, model) => {
    const bitmap = await createImageBitmap(blobOf(picture), { premultiplyAlpha: 'none' });
    await start(bitmap, filter, model);
    await until(() => live.stats.framesShown > 0);
    return seen(canvas, canvas.width, canvas.height);
  };

  window.lookShown = () => ({
    live: seen(canvas, canvas.width, canvas.height),
    video: seen(video, video.videoWidth, video.videoHeight),
  });

  window.stopShown = async () => {
    await live.stop();
    canvas.remove();
  };
}
