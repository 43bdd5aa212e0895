/** What is inside `<ffmpeg-dnn>`: built once, without any inline style, so that a strict policy holds. */
import type { ElementState } from './element-events.ts';
import { elementStyle } from './element-style.ts';

function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
}

let sheet: CSSStyleSheet | undefined;

/** One for all elements of the page. */
function styleSheet(): CSSStyleSheet {
  if (sheet !== undefined) return sheet;
  sheet = new CSSStyleSheet();
  sheet.replaceSync(elementStyle);
  return sheet;
}

export class ElementView {
  readonly stage = make('div', { class: 'stage empty', part: 'stage' });
  readonly start = make('button', { class: 'start', part: 'start', type: 'button' }, 'Start');
  readonly pause = make('button', { part: 'pause', type: 'button' }, 'Pause');
  readonly cancel = make('button', { part: 'cancel', type: 'button' }, 'Cancel');
  readonly play = make('button', { part: 'play', type: 'button' }, 'Play');
  readonly download = make('a', { class: 'download', part: 'download' }, 'Download');
  readonly progress = make('progress', { part: 'progress', max: '1', 'aria-label': 'Progress' });
  readonly divider = make('input', {
    ...{ part: 'divider', type: 'range', min: '0', max: '100', value: '50', step: '1' },
    'aria-label': 'Divider between before and after',
  });
  /** What is seen, as often as it changes. */
  readonly figures = make('p', { class: 'words', part: 'figures' });
  /** What is said: changes seldom, so that a screen reader is not flooded. */
  readonly status = make('p', { class: 'words', part: 'status', role: 'status' });
  /** What is done in another way than usual. */
  readonly notice = make('p', { class: 'words notice', part: 'notice', role: 'note' });
  readonly error = make('pre', { class: 'failure', part: 'error', role: 'alert', tabindex: '0' });
  readonly #controls = make(
    'div',
    { class: 'bar', part: 'controls', role: 'group', 'aria-label': 'Video enhancement' },
    ...[this.start, this.pause, this.cancel, this.play, this.download],
  );
  readonly #placeholder = make('slot', {});

  constructor(root: ShadowRoot) {
    root.adoptedStyleSheets = [styleSheet()];
    this.stage.append(this.#placeholder);
    const extra = make('slot', { name: 'status' });
    root.append(
      ...[this.stage, this.divider, this.#controls, this.progress],
      ...[this.figures, this.status, this.notice, this.error, extra],
    );
    for (const part of [this.divider, this.progress, this.notice, this.error, this.play, this.download])
      part.hidden = true;
  }

  /** What a button does when it is clicked; what that throws has been shown and told. */
  onClick(actions: Readonly<Record<'start' | 'pause' | 'cancel', () => Promise<unknown>>>): void {
    for (const name of ['start', 'pause', 'cancel'] as const) {
      this[name].addEventListener('click', () => {
        actions[name]().catch(() => undefined);
      });
    }
  }

  /** Puts these on the stage in place of what is there; none of them shows the page's own content. */
  show(...shown: readonly Element[]): void {
    this.stage.replaceChildren(...(shown.length === 0 ? [this.#placeholder] : shown));
    this.stage.classList.toggle('empty', shown.length === 0);
  }

  showState(
    state: ElementState,
    shown: { readonly isAtWork: boolean; readonly isFileJob: boolean; readonly showsControls: boolean },
  ): void {
    const { isAtWork, isFileJob, showsControls } = shown;
    for (const part of [this.#controls, this.figures]) part.hidden = !showsControls;
    this.start.disabled = isAtWork || state === 'empty';
    this.cancel.disabled = !isAtWork;
    this.pause.disabled = state !== 'running' && state !== 'paused';
    this.pause.textContent = state === 'paused' ? 'Resume' : 'Pause';
    this.progress.hidden = !showsControls || !isFileJob;
    if (state === 'loading') this.progress.removeAttribute('value');
  }

  /** The words are seen at each call, and said at each tenth of the job. */
  showProgress(progress: number | undefined, words: string): void {
    this.figures.textContent = words;
    if (progress === undefined) this.progress.removeAttribute('value');
    else this.progress.value = progress;
    if (words === '') return;
    this.say(progress === undefined ? 'Running …' : `${10 * Math.floor(10 * progress)} %`);
  }

  /** The same words are not said twice. */
  say(words: string): void {
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  /** Empty where everything is as usual. */
  showNotice(message: string): void {
    this.notice.textContent = message;
    this.notice.hidden = message === '';
  }

  showError(message: string): void {
    this.error.textContent = message;
    this.error.hidden = message === '';
  }
}
