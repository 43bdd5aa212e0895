/** Before and after on top of each other with a divider, players in step; pictures likewise. */

/** How far the two players may drift apart, in seconds, before one is set to the other's time. */
const driftLimit = 0.08;

export interface ComparisonParts {
  readonly stage: HTMLElement;
  /** Also moved by keys: it is a slider. */
  readonly divider: HTMLInputElement;
  readonly play: HTMLButtonElement;
}

export interface Shown {
  /** Left out where only the result is shown. */
  readonly before?: { readonly blob: Blob; readonly isPicture: boolean };
  readonly after: { readonly blob: Blob; readonly isPicture: boolean };
  readonly muted: boolean;
  readonly loop: boolean;
}

export class Comparison {
  /** What goes onto the stage. */
  readonly elements: readonly Element[];
  /** The result, or what is shown instead. */
  readonly main: HTMLVideoElement | HTMLImageElement;
  readonly #parts: ComparisonParts;
  readonly #urls: string[] = [];
  readonly #videos: HTMLVideoElement[] = [];
  readonly #listening = new AbortController();

  constructor(parts: ComparisonParts, { before, after, muted, loop }: Shown) {
    this.#parts = parts;
    const make = (part: 'before' | 'after', { blob, isPicture }: Shown['after']): Comparison['main'] => {
      const url = URL.createObjectURL(blob);
      this.#urls.push(url);
      const element = document.createElement(isPicture ? 'img' : 'video');
      element.setAttribute('part', part);
      element.setAttribute(isPicture ? 'alt' : 'aria-label', part === 'before' ? 'Before' : 'After');
      // A picture would be carried away by the mouse that moves the divider.
      element.draggable = false;
      element.src = url;
      if (element instanceof HTMLVideoElement) {
        element.playsInline = true;
        this.#videos.push(element);
      }
      return element;
    };
    const shown = make('after', after);
    this.main = shown;
    if (before === undefined) {
      this.elements = [shown];
    } else {
      const over = make('before', before);
      over.classList.add('over');
      this.elements = [
        shown,
        over,
        label('line', ''),
        label('tag before', 'before'),
        label('tag after', 'after'),
      ];
    }
    this.configure({ muted, loop });
    this.#listen(before !== undefined);
  }

  /** Where the player is, in seconds; 0 for a picture. */
  get seconds(): number {
    return this.#videos[0]?.currentTime ?? 0;
  }

  get isPlaying(): boolean {
    return this.#videos[0]?.paused === false;
  }

  configure({ muted, loop }: Pick<Shown, 'muted' | 'loop'>): void {
    // One of the two is enough to hear.
    this.#videos.forEach((video, index) => Object.assign(video, { muted: muted || index > 0, loop }));
  }

  /** Takes the place of another one that was there. */
  goOn(seconds: number, isPlaying: boolean): void {
    for (const video of this.#videos) video.currentTime = seconds;
    if (isPlaying) void this.toggle();
  }

  /** Plays both, or stops both. */
  async toggle(): Promise<void> {
    const [main] = this.#videos;
    if (main === undefined) return;
    if (!main.paused) {
      for (const video of this.#videos) video.pause();
      return;
    }
    this.#align();
    // A browser that cannot play one of the two (an input it has no decoder for) still plays the other.
    await Promise.allSettled(this.#videos.map((video) => video.play()));
  }

  /** Lets the files go. */
  close(): void {
    this.#listening.abort();
    for (const video of this.#videos) {
      video.pause();
      video.removeAttribute('src');
      video.load();
    }
    for (const url of this.#urls) URL.revokeObjectURL(url);
    this.#parts.play.hidden = true;
    this.#parts.divider.hidden = true;
  }

  #align(): void {
    const [main, other] = this.#videos;
    if (main === undefined || other === undefined) return;
    if (Math.abs(main.currentTime - other.currentTime) > driftLimit) other.currentTime = main.currentTime;
    other.playbackRate = main.playbackRate;
  }

  #listen(compares: boolean): void {
    const { stage, divider, play } = this.#parts;
    const { signal } = this.#listening;
    const moveDivider = (): void => {
      stage.style.setProperty('--split', `${divider.value}%`);
      divider.setAttribute('aria-valuetext', `${divider.value} % before`);
    };
    divider.hidden = !compares;
    play.hidden = this.#videos.length === 0;
    if (compares) {
      moveDivider();
      divider.addEventListener('input', moveDivider, { signal });
      const follow = (event: PointerEvent): void => {
        if (event.pointerType !== 'mouse' && event.buttons === 0) return;
        const box = stage.getBoundingClientRect();
        divider.value = String(Math.round(((event.clientX - box.left) / box.width) * 100));
        moveDivider();
      };
      stage.addEventListener('pointermove', follow, { signal });
      stage.addEventListener('pointerdown', follow, { signal });
    }
    play.textContent = 'Play';
    play.addEventListener('click', () => void this.toggle(), { signal });
    const [main] = this.#videos;
    for (const event of ['timeupdate', 'seeked', 'ratechange'] as const) {
      main?.addEventListener(
        event,
        () => {
          this.#align();
        },
        { signal },
      );
    }
    for (const event of ['play', 'pause'] as const) {
      main?.addEventListener(
        event,
        () => {
          play.textContent = main.paused ? 'Play' : 'Pause video';
        },
        { signal },
      );
    }
  }
}

function label(className: string, text: string): HTMLElement {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  element.setAttribute('aria-hidden', 'true');
  return element;
}
