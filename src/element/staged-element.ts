/** What `<ffmpeg-dnn>` shows: its shadow tree, and the state of which buttons and words depend. */
import { errorMessage } from '../base/errors.ts';
import type { ElementState } from './element-events.ts';
import { ElementStage, type ShowOptions } from './element-stage.ts';
import { ElementView } from './element-view.ts';
import { TellingElement } from './telling-element.ts';

/** What is inside, made when the element is first in a document. */
interface Inside {
  readonly view: ElementView;
  readonly stage: ElementStage;
}

export abstract class StagedElement extends TellingElement {
  #inside: Inside | undefined;
  #state: ElementState = 'empty';

  /** What the element is doing. */
  get state(): ElementState {
    return this.#state;
  }

  /** Plays the result, or stops playing. */
  async play(): Promise<void> {
    await this.#inside?.stage.toggle();
  }

  /** @internal Called by the browser. */
  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after || this.#inside === undefined) return;
    if (name === 'src') this.sourceChanged();
    else this.#inside.stage.update(this.showOptions());
    this.#update();
  }

  /** @internal */
  abstract process(): Promise<unknown>;
  /** @internal */
  abstract cancel(): Promise<void>;
  /** @internal */
  abstract pause(): Promise<void>;
  /** @internal */
  abstract resume(): Promise<void>;
  /** @internal */
  protected abstract get isLive(): boolean;

  /** @internal Undefined before `setUp`. */
  protected get inside(): Inside | undefined {
    return this.#inside;
  }

  /** @internal */
  protected get hasSource(): boolean {
    return this.srcObject !== null || this.src !== '';
  }

  /** @internal */
  protected showOptions(): ShowOptions {
    const { muted, loop, compare, overlay } = this;
    return { muted, loop, compare, overlay };
  }

  /** @internal Begins anew with what there is to work on. */
  protected showSource(): void {
    const { view, stage } = this.setUp();
    stage.clear();
    this.setState(this.hasSource ? 'ready' : 'empty');
    view.showError('');
    view.showNotice('');
    view.say('');
    const source = this.srcObject;
    if (!(source instanceof Blob) || this.mode === 'live') return;
    const name = source instanceof File ? source.name : '';
    stage.showSource({ blob: source, name }, this.showOptions());
  }

  /** @internal */
  protected setUp(): Inside {
    if (this.#inside !== undefined) return this.#inside;
    const view = new ElementView(this.shadowRoot ?? this.attachShadow({ mode: 'open' }));
    this.#inside = { view, stage: new ElementStage(view) };
    view.onClick({
      start: () => this.process(),
      cancel: () => this.cancel(),
      pause: () => this.#pauseOrGoOn(),
    });
    this.#update();
    return this.#inside;
  }

  /** @internal */
  protected setState(state: ElementState): void {
    const isNew = state !== this.#state;
    this.#state = state;
    this.#update();
    if (isNew) this.tell('statechange', { state });
  }

  /** The button's: nobody else would see why a job cannot be paused. */
  async #pauseOrGoOn(): Promise<void> {
    try {
      await (this.#state === 'paused' ? this.resume() : this.pause());
    } catch (error) {
      this.#inside?.view.showError(errorMessage(error));
    }
  }

  #update(): void {
    const state = this.#state;
    const isAtWork = state === 'loading' || state === 'running' || state === 'paused';
    const isFileJob = isAtWork && !this.isLive;
    this.#inside?.view.showState(state, { isAtWork, isFileJob, showsControls: this.controls });
    this.setAttribute('aria-busy', String(isFileJob));
  }
}
