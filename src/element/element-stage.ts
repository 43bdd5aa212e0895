/**
 * What the stage of `<ffmpeg-dnn>` shows: the source, before and after, or the live
 * picture; and the link to the result.
 */
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
  /** How it is shown. */
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

  showResult(
    after: NamedBlob,
    before: NamedBlob,
    boxes: DetectionOverlay | undefined,
    options: ShowOptions,
  ): void {
    this.clear();
    this.#scene = { kind: 'file', after, before, ...(boxes === undefined ? {} : { boxes }) };
    this.#showFile(this.#scene, options);
    const { download } = this.#view;
    download.href = URL.createObjectURL(after.blob);
    download.download = after.name;
    download.hidden = false;
  }

  showLive(canvas: HTMLCanvasElement, boxes: DetectionOverlay, options: ShowOptions): void {
    this.clear();
    this.#scene = { kind: 'live', canvas, boxes };
    this.#showLive(this.#scene, options);
  }

  /** Shows the same in another way. A player stays where it is. */
  update(options: ShowOptions): void {
    const { compare, overlay } = this.#options ?? options;
    this.#options = options;
    const scene = this.#scene;
    if (scene.kind === 'empty') return;
    this.#shown?.configure(options);
    const hasOtherBoxes = scene.boxes !== undefined && overlay !== options.overlay;
    if (scene.kind === 'live') {
      if (hasOtherBoxes) this.#showLive(scene, options);
      return;
    }
    if (!hasOtherBoxes && (scene.before === undefined || compare === options.compare)) return;
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
    const { elements, main } = this.#shown;
    const shownBoxes = overlay ? boxes : undefined;
    this.#view.show(...elements, ...(shownBoxes === undefined ? [] : [shownBoxes.canvas]));
    if (shownBoxes === undefined) return;
    this.#following = new AbortController();
    shownBoxes.follow(main, this.#following.signal);
  }

  #showLive({ canvas, boxes }: Scene & { readonly kind: 'live' }, options: ShowOptions): void {
    this.#options = options;
    this.#view.show(canvas, ...(options.overlay ? [boxes.canvas] : []));
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
