/** What the stage of `<ffmpeg-dnn>` shows: the source, before and after, or the live picture; and the link to the result. */
import { Comparison } from './comparison.ts';
import type { DetectionOverlay } from './detection-overlay.ts';
import type { ElementView } from './element-view.ts';
import { isPicture } from './media-type.ts';

/** A file with what it is called, which tells its type where the browser does not. */
export interface NamedBlob {
  readonly blob: Blob;
  readonly name: string;
}

/** Attributes of the element that say how something is shown. */
export interface ShowOptions {
  readonly muted: boolean;
  readonly loop: boolean;
  /** Whether before and after are shown, where there is a before. */
  readonly compare: boolean;
  /** Whether boxes are shown, where there are some. */
  readonly overlay: boolean;
}

/** What is on the stage. */
type Scene =
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'file';
      readonly after: NamedBlob;
      readonly before?: NamedBlob;
      readonly boxes?: DetectionOverlay;
    }
  | { readonly kind: 'live'; readonly canvas: HTMLCanvasElement; readonly boxes: DetectionOverlay };

export class ElementStage {
  readonly #view: ElementView;
  #scene: Scene = { kind: 'empty' };
  /** How the file is shown. */
  #options: ShowOptions | undefined;
  #shown: Comparison | undefined;
  #following: AbortController | undefined;

  constructor(view: ElementView) {
    this.#view = view;
  }

  showSource(source: NamedBlob, options: ShowOptions): void {
    this.clear();
    this.#scene = { kind: 'file', after: source };
    this.#showFile(this.#scene, options);
  }

  showResult(after: NamedBlob, before: NamedBlob, boxes: DetectionOverlay, options: ShowOptions): void {
    this.clear();
    this.#scene = { kind: 'file', after, before, boxes };
    this.#showFile(this.#scene, options);
    const { download } = this.#view;
    download.href = URL.createObjectURL(after.blob);
    download.download = after.name;
    download.hidden = false;
  }

  showLive(canvas: HTMLCanvasElement, boxes: DetectionOverlay, options: ShowOptions): void {
    this.clear();
    this.#scene = { kind: 'live', canvas, boxes };
    this.update(options);
  }

  /** Shows the same in another way. A player stays where it is. */
  update(options: ShowOptions): void {
    const scene = this.#scene;
    if (scene.kind === 'live') {
      this.#view.show(scene.canvas, ...(options.overlay ? [scene.boxes.canvas] : []));
      return;
    }
    const { compare, overlay } = this.#options ?? {};
    this.#shown?.configure(options);
    if (scene.kind === 'empty' || (compare === options.compare && overlay === options.overlay)) return;
    const { seconds, isPlaying } = this.#shown!;
    this.#letGo();
    this.#showFile(scene, options);
    this.#shown!.goOn(seconds, isPlaying);
  }

  /** Shows the page's own content again, and lets all files go. */
  clear(): void {
    this.#letGo();
    this.#scene = { kind: 'empty' };
    const { download } = this.#view;
    if (download.href !== '') URL.revokeObjectURL(download.href);
    download.removeAttribute('href');
    download.hidden = true;
    this.#view.show();
  }

  /** Plays what is shown, or stops playing. */
  async toggle(): Promise<void> {
    await this.#shown?.toggle();
  }

  #showFile({ after, before, boxes }: Scene & { readonly kind: 'file' }, options: ShowOptions): void {
    const { muted, loop, compare, overlay } = options;
    this.#options = options;
    this.#shown = new Comparison(this.#view, {
      ...(before === undefined || !compare ? {} : { before: described(before) }),
      ...{ after: described(after), muted, loop },
    });
    const { elements } = this.#shown;
    const shownBoxes = overlay ? boxes : undefined;
    this.#view.show(...elements, ...(shownBoxes === undefined ? [] : [shownBoxes.canvas]));
    if (shownBoxes === undefined) return;
    this.#following = new AbortController();
    shownBoxes.follow(elements[0]!, this.#following.signal);
  }

  #letGo(): void {
    this.#following?.abort();
    this.#following = undefined;
    this.#shown?.close();
    this.#shown = undefined;
  }
}

function described({ blob, name }: NamedBlob): { readonly blob: Blob; readonly isPicture: boolean } {
  return { blob, isPicture: isPicture(blob, name) };
}
