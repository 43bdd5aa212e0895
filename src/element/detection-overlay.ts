/** Boxes and labels of what was detected, drawn over the picture that is shown. */
import type { Classification, DetectionBBox, DetectionsEvent } from '../index.ts';
import { DetectionTrack } from './detection-track.ts';

/** Shown over the picture; in CSS pixels. */
const lineWidth = 2;
const fontSize = 14;

/** Told apart by more than hue: they differ in lightness too. */
const colours = ['#59d0a3', '#ffb066', '#79b8ff', '#ff9bd2', '#fff07a', '#c4a7ff'];

/** What a box is called: its own label, then those that classification gave, each with its confidence. */
export function boxText({ detectLabel, detectConfidence, classifications }: DetectionBBox): string {
  const worded = ({ label, confidence }: Classification): string =>
    `${label} ${Math.round((100 * confidence.num) / confidence.den)} %`;
  return [{ label: detectLabel, confidence: detectConfidence }, ...classifications].map(worded).join(', ');
}

/** A picture over which boxes are shown. */
export type OverlaidPicture = HTMLVideoElement | HTMLImageElement | HTMLCanvasElement;

/** Its size in square pixels, which frames may not have; 0 before it is known. */
function shownSize(picture: OverlaidPicture): readonly [width: number, height: number] {
  if (picture instanceof HTMLVideoElement) return [picture.videoWidth, picture.videoHeight];
  if (picture instanceof HTMLImageElement) return [picture.naturalWidth, picture.naturalHeight];
  return [picture.width, picture.height];
}

export class DetectionOverlay {
  readonly canvas = document.createElement('canvas');
  readonly #track = new DetectionTrack();
  readonly #colourOf = new Map<string, string>();
  #shown: DetectionsEvent | undefined;

  constructor() {
    this.canvas.setAttribute('part', 'overlay');
    this.canvas.className = 'boxes';
    this.canvas.setAttribute('role', 'img');
    this.#describe();
  }

  /** Keeps what was found in a frame of a file. */
  add(event: DetectionsEvent): void {
    this.#track.add(event);
  }

  /** Shows what was found in the frame of `picture` that is seen now; nothing where it is left out. */
  show(event: DetectionsEvent | undefined, picture: OverlaidPicture): void {
    this.#shown = event;
    this.#describe();
    const { canvas } = this;
    if (event === undefined) {
      canvas.width = canvas.width; // eslint-disable-line no-self-assign -- wipes it
      return;
    }
    const [shownWidth, shownHeight] = shownSize(picture);
    const isKnown = shownWidth > 0 && shownHeight > 0;
    const [width, height] = isKnown ? [shownWidth, shownHeight] : [event.width, event.height];
    const density = devicePixelRatio || 1;
    const zoom = Math.min(4, Math.max(1, (canvas.clientWidth * density) / width));
    canvas.width = Math.round(width * zoom);
    canvas.height = Math.round(height * zoom);
    const scale = { x: canvas.width / event.width, y: canvas.height / event.height };
    // The picture may be shown smaller than it is.
    const pixel = canvas.clientWidth === 0 ? 1 : canvas.width / canvas.clientWidth;
    const context = canvas.getContext('2d')!;
    context.font = `600 ${fontSize * pixel}px system-ui, sans-serif`;
    context.textBaseline = 'top';
    for (const box of event.bboxes) this.#drawBox(context, box, scale, pixel);
  }

  /** Shows a picture's boxes at once, and a player's as it plays, until `signal` is aborted. */
  follow(shown: OverlaidPicture, signal: AbortSignal): void {
    if (!(shown instanceof HTMLVideoElement)) {
      const showFirst = (): void => {
        this.show(this.#track.at(0), shown);
      };
      showFirst();
      // Its size is known then.
      shown.addEventListener('load', showFirst, { signal });
      return;
    }
    const showAt = (seconds: number): void => {
      const event = this.#track.at(seconds);
      if (event !== this.#shown) this.show(event, shown);
    };
    for (const name of ['loadeddata', 'seeked', 'timeupdate'] as const)
      shown.addEventListener(
        name,
        () => {
          showAt(shown.currentTime);
        },
        { signal },
      );
    if (!('requestVideoFrameCallback' in shown)) return;
    const onFrame: VideoFrameRequestCallback = (_, { mediaTime }) => {
      if (signal.aborted) return;
      showAt(mediaTime);
      shown.requestVideoFrameCallback(onFrame);
    };
    shown.requestVideoFrameCallback(onFrame);
  }

  #describe(): void {
    const words = this.#shown?.bboxes.map(boxText).join('; ') ?? '';
    this.canvas.setAttribute('aria-label', words === '' ? 'Nothing detected' : `Detected: ${words}`);
  }

  #drawBox(
    context: CanvasRenderingContext2D,
    box: DetectionBBox,
    scale: { readonly x: number; readonly y: number },
    pixel: number,
  ): void {
    const colour = this.#colour(box.detectLabel);
    const [x, y, w, h] = [box.x * scale.x, box.y * scale.y, box.w * scale.x, box.h * scale.y];
    context.lineWidth = (lineWidth + 2) * pixel;
    context.strokeStyle = '#000a';
    context.strokeRect(x, y, w, h);
    context.lineWidth = lineWidth * pixel;
    context.strokeStyle = colour;
    context.strokeRect(x, y, w, h);
    const text = boxText(box);
    const height = (fontSize + 6) * pixel;
    // Above the box, or inside of it where there is no room.
    const top = y >= height ? y - height : Math.max(0, y);
    context.fillStyle = '#000c';
    context.fillRect(x, top, context.measureText(text).width + 8 * pixel, height);
    context.fillStyle = colour;
    context.fillText(text, x + 4 * pixel, top + 3 * pixel);
  }

  #colour(label: string): string {
    const known = this.#colourOf.get(label);
    if (known !== undefined) return known;
    const next = colours[this.#colourOf.size % colours.length]!;
    this.#colourOf.set(label, next);
    return next;
  }
}
