/** A folder of the user's disk into which results are written as they are made, where the browser can. */
import { element } from './element.ts';

/** Not in every browser, and not in TypeScript's own declarations. */
interface PickingWindow {
  showDirectoryPicker?: (options: { readonly mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle>;
}

export class ResultFolder {
  readonly #button = element('folder', HTMLButtonElement);
  readonly #words = element('folder-words', HTMLElement);
  #folder: FileSystemDirectoryHandle | undefined;

  constructor() {
    const { showDirectoryPicker } = window as PickingWindow;
    if (showDirectoryPicker === undefined) return;
    this.#button.hidden = false;
    this.#button.addEventListener('click', () => void this.#choose());
  }

  /**
   * Where a result of this name goes; null for the page's own keeping.
   *
   * @throws DOMException where the folder may not be written to any more.
   */
  async target(name: string): Promise<FileSystemFileHandle | null> {
    return (await this.#folder?.getFileHandle(name, { create: true })) ?? null;
  }

  async #choose(): Promise<void> {
    if (this.#folder !== undefined) {
      this.#folder = undefined;
    } else {
      try {
        this.#folder = await (window as PickingWindow).showDirectoryPicker!({ mode: 'readwrite' });
      } catch (error) {
        // The dialog was closed: nothing has changed.
        if (!(error instanceof DOMException) || error.name !== 'AbortError') throw error;
      }
    }
    const name = this.#folder?.name;
    this.#button.textContent =
      name === undefined ? 'Save straight to a folder …' : 'Keep results in the page';
    this.#words.textContent = name === undefined ? '' : `Results are written to “${name}” as they are made.`;
  }
}
