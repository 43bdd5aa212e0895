/** The list of videos on the page. */
import { element } from './element.ts';
import type { QueuedResult, QueuedVideo } from './video-queue.ts';

const stateWords: Readonly<Record<QueuedVideo['state'], string>> = {
  waiting: 'waits',
  running: 'is at work',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};

export class QueueView {
  readonly #list = element('queue', HTMLElement);
  readonly #file = element('file', HTMLInputElement);
  readonly #remove: (file: File) => void;
  /**
   * What is shown; an item stays as long as nothing changes for its video, and
   * keeps the focus that it may have.
   */
  readonly #items = new Map<QueuedVideo, HTMLElement>();
  /** An address for each result that can be downloaded. */
  readonly #urls = new Map<QueuedResult, string>();

  constructor(remove: (file: File) => void) {
    this.#remove = remove;
  }

  show(videos: readonly QueuedVideo[]): void {
    const results = new Set(videos.map(({ result }) => result));
    for (const [result, url] of this.#urls) {
      if (results.has(result)) continue;
      URL.revokeObjectURL(url);
      this.#urls.delete(result);
    }
    for (const [video, item] of this.#items) {
      if (videos.includes(video)) continue;
      item.remove();
      this.#items.delete(video);
    }
    for (const [row, video] of videos.entries()) {
      if (this.#items.has(video)) continue;
      const item = this.#itemOf(video);
      this.#items.set(video, item);
      this.#list.insertBefore(item, this.#list.children[row] ?? null);
    }
    this.#list.hidden = videos.length === 0;
  }

  #itemOf(video: QueuedVideo): HTMLElement {
    const item = document.createElement('li');
    item.dataset['state'] = video.state;
    const name = document.createElement('span');
    name.className = 'name';
    name.textContent = `${video.file.name} (${(video.file.size / 2 ** 20).toFixed(1)} MiB)`;
    const state = document.createElement('span');
    state.className = 'state';
    state.textContent = [stateWords[video.state], video.words].filter((words) => words !== '').join(': ');
    item.append(name, state);
    if (video.result !== undefined) item.append(this.#linkOf(video.result));
    if (video.state !== 'running') item.append(this.#buttonOf(video.file));
    return item;
  }

  #linkOf(result: QueuedResult): HTMLElement {
    const link = document.createElement('a');
    const url = this.#urls.get(result) ?? URL.createObjectURL(result.blob);
    this.#urls.set(result, url);
    Object.assign(link, { href: url, download: result.name, textContent: `Save ${result.name}` });
    return link;
  }

  #buttonOf(file: File): HTMLElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Remove';
    button.setAttribute('aria-label', `Remove ${file.name}`);
    button.addEventListener('click', () => {
      const item = button.closest('li');
      const neighbour = item?.nextElementSibling ?? item?.previousElementSibling;
      this.#remove(file);
      // The focus goes on from here; with the button it would be gone.
      (neighbour?.querySelector('button') ?? this.#file).focus();
    });
    return button;
  }
}
