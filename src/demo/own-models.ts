/** The user's own model files: given by a drop or a dialog, listed, taken away. */
import type { ChosenFile } from './dropped-files.ts';
import { element } from './element.ts';

/** What `model=` can name. */
const topology = /\.(pb|model|json|xml)$/i;

export class OwnModels {
  readonly #list = element('own-models', HTMLElement);
  readonly #files = new Map<string, File>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** By the names that a filter uses. */
  get files(): Readonly<Record<string, Blob>> {
    return Object.fromEntries(this.#files);
  }

  get names(): readonly string[] {
    return [...this.#files.keys()];
  }

  /** The model that was given last. */
  get latest(): string | undefined {
    return this.names.findLast((name) => topology.test(name));
  }

  /** A file of a name that is there takes its place. */
  add(files: readonly ChosenFile[]): void {
    if (files.length === 0) return;
    for (const { path, file } of files) {
      this.#files.delete(path);
      this.#files.set(path, file);
    }
    this.#show();
  }

  #show(): void {
    this.#list.replaceChildren(
      ...this.names.map((name) => {
        const item = document.createElement('li');
        const word = document.createElement('code');
        word.textContent = name;
        const button = document.createElement('button');
        button.type = 'button';
        button.textContent = 'Remove';
        button.setAttribute('aria-label', `Remove ${name}`);
        button.addEventListener('click', () => {
          this.#files.delete(name);
          this.#show();
        });
        item.append(word, button);
        return item;
      }),
    );
    this.#list.hidden = this.#files.size === 0;
    this.#onChange();
  }
}
