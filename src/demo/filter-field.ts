/** The field for the filter chain: offers what can stand at the caret, and says what is wrong under it. */
import type { Completion, Completions } from './filter-completion.ts';
import { element } from './element.ts';

/** Nobody wants to be told of a word that is not finished: milliseconds of rest. */
const checkDelay = 400;

/** The parser with all options of all filters, fetched when the field is first used. */
const parser = () => Promise.all([import('./filter-completion.ts'), import('./filter-check.ts')]);

export class FilterField {
  readonly #input = element('filter', HTMLInputElement);
  readonly #list = element('filter-offers', HTMLElement);
  readonly #problem = element('filter-problem', HTMLElement);
  readonly #files: () => readonly string[];
  #offers: Completions | undefined;
  #active = -1;
  #timer: number | undefined;

  /** @param files names that can be given as a model or as labels. */
  constructor(files: () => readonly string[]) {
    this.#files = files;
    this.#input.addEventListener('input', () => {
      void this.#offer();
      this.#checkSoon();
    });
    this.#input.addEventListener('keydown', (event) => {
      this.#onKey(event);
    });
    this.#input.addEventListener('blur', () => {
      this.#close();
      void this.#check();
    });
    // The field keeps the focus, and with it the list.
    this.#list.addEventListener('mousedown', (event) => {
      event.preventDefault();
    });
    this.#list.addEventListener('click', (event) => {
      const option = event.target instanceof Element ? event.target.closest('[role=option]') : null;
      if (option !== null) this.#take([...this.#list.children].indexOf(option));
    });
  }

  get value(): string {
    return this.#input.value;
  }

  set value(text: string) {
    this.#input.value = text;
    this.#close();
    this.#showProblem('');
  }

  #onKey(event: KeyboardEvent): void {
    const isOpen = this.#offers !== undefined;
    const count = this.#offers?.items.length ?? 0;
    const opens = (event.key === ' ' && event.ctrlKey) || (event.key === 'ArrowDown' && !isOpen);
    if (opens) void this.#offer();
    else if (isOpen && event.key === 'ArrowDown') this.#activate((this.#active + 1) % count);
    else if (isOpen && event.key === 'ArrowUp')
      this.#activate((this.#active <= 0 ? count : this.#active) - 1);
    else if (isOpen && event.key === 'Enter' && this.#active >= 0) this.#take(this.#active);
    else if (isOpen && event.key === 'Escape') this.#close();
    else return;
    event.preventDefault();
  }

  async #offer(): Promise<void> {
    const [{ completeFilter }] = await parser();
    const { value, selectionStart } = this.#input;
    if (document.activeElement !== this.#input) return;
    const offers = completeFilter(value, selectionStart ?? value.length, this.#files());
    if (offers.items.length === 0) {
      this.#close();
      return;
    }
    this.#offers = offers;
    this.#list.replaceChildren(...offers.items.map(optionOf));
    this.#list.hidden = false;
    this.#input.setAttribute('aria-expanded', 'true');
    this.#activate(-1);
  }

  #activate(index: number): void {
    this.#active = index;
    for (const [row, option] of [...this.#list.children].entries())
      option.setAttribute('aria-selected', String(row === index));
    const active = this.#list.children[index];
    if (active === undefined) this.#input.removeAttribute('aria-activedescendant');
    else this.#input.setAttribute('aria-activedescendant', active.id);
    active?.scrollIntoView({ block: 'nearest' });
  }

  #take(index: number): void {
    const offers = this.#offers;
    const item = offers?.items[index];
    if (offers === undefined || item === undefined) return;
    this.#input.setRangeText(item.text, offers.from, offers.to, 'end');
    this.#close();
    this.#checkSoon();
    // The word ends with '=': its value is next.
    if (item.text.endsWith('=')) void this.#offer();
  }

  #close(): void {
    this.#offers = undefined;
    this.#active = -1;
    this.#list.hidden = true;
    this.#list.replaceChildren();
    this.#input.setAttribute('aria-expanded', 'false');
    this.#input.removeAttribute('aria-activedescendant');
  }

  #checkSoon(): void {
    this.#showProblem('');
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#check(), checkDelay);
  }

  async #check(): Promise<void> {
    window.clearTimeout(this.#timer);
    const [, { filterProblem }] = await parser();
    this.#showProblem(filterProblem(this.#input.value) ?? '');
  }

  #showProblem(words: string): void {
    this.#problem.textContent = words;
    this.#problem.hidden = words === '';
    this.#input.setAttribute('aria-invalid', String(words !== ''));
  }
}

function optionOf({ text, help }: Completion, row: number): HTMLElement {
  const option = document.createElement('li');
  option.id = `filter-offer-${row}`;
  option.setAttribute('role', 'option');
  const word = document.createElement('code');
  word.textContent = text;
  const words = document.createElement('span');
  words.textContent = help;
  option.append(word, ' ', words);
  return option;
}
