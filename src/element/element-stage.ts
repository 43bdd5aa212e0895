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

export interface PlayerOptions {
  readonly muted: boolean;
  readonly loop: boolean;
}

export class ElementStage {
  readonly #view: ElementView;
  #shown: Comparison | undefined;
  #following: AbortController | undefined;

  constructor(view: ElementView) {
    this.#view = view;
  }

  showSource(source: NamedBlob, options: PlayerOptions): void {
    this.#show({ after: described(source), ...options });
  }

  /**
   * @param before left out where only the result is shown.
   * @param overlay likewise, where no boxes are.
   */
  showResult(
    after: NamedBlob,
    before: NamedBlob | undefined,
    options: PlayerOptions,
    overlay?: DetectionOverlay,
  ): void {
    this.#show(
      {
        ...(before === undefined ? {} : { before: described(before) }),
        ...{ after: described(after), ...options },
      },
      overlay,
    );
    const { download } = this.#view;
    download.href = URL.createObjectURL(after.blob);
    download.download = after.name;
    download.hidden = false;
  }

  showLive(canvas: HTMLCanvasElement, overlay?: DetectionOverlay): void {
    this.clear();
    this.#view.show(canvas, ...(overlay === undefined ? [] : [overlay.canvas]));
  }

  /** Shows the page's own content again, and lets all files go. */
  clear(): void {
    this.#following?.abort();
    this.#following = undefined;
    this.#shown?.close();
    this.#shown = undefined;
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

  #show(shown: ConstructorParameters<typeof Comparison>[1], overlay?: DetectionOverlay): void {
    this.clear();
    this.#shown = new Comparison(this.#view, shown);
    const { elements } = this.#shown;
    this.#view.show(...elements, ...(overlay === undefined ? [] : [overlay.canvas]));
    if (overlay === undefined) return;
    this.#following = new AbortController();
    overlay.follow(elements[0]!, this.#following.signal);
  }
}

function described({ blob, name }: NamedBlob): { readonly blob: Blob; readonly isPicture: boolean } {
  return { blob, isPicture: isPicture(blob, name) };
}
