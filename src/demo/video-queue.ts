/** The videos and pictures that wait for their turn, and what became of those before. */

export type VideoState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

/** What a video has become. */
export interface QueuedResult {
  readonly blob: Blob;
  readonly name: string;
}

export interface QueuedVideo {
  readonly file: File;
  /** Of the result without its ending: the input's name with `-enhanced`, each one once. */
  readonly resultStem: string;
  readonly state: VideoState;
  /** What went wrong, or how much was done. */
  readonly words: string;
  /** Undefined until it is done. */
  readonly result: QueuedResult | undefined;
}

export class VideoQueue {
  #videos: readonly QueuedVideo[] = [];
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get videos(): readonly QueuedVideo[] {
    return this.#videos;
  }

  get isEmpty(): boolean {
    return this.#videos.length === 0;
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#videos.filter(({ state }) => state === 'waiting').length;
  }

  add(files: readonly File[]): void {
    for (const file of files) {
      const resultStem = this.#freeStem(file);
      this.#set([...this.#videos, { file, resultStem, state: 'waiting', words: '', result: undefined }]);
    }
  }

  remove(file: File): void {
    this.#set(this.#videos.filter((video) => video.file !== file));
  }

  /** The first that waits. */
  next(): QueuedVideo | undefined {
    return this.#videos.find(({ state }) => state === 'waiting');
  }

  /** All that are not waiting wait again, as for another filter. */
  again(): void {
    this.#set(
      this.#videos.map((video) => ({ ...video, state: 'waiting' as const, words: '', result: undefined })),
    );
  }

  /** What becomes of a video; one that was removed meanwhile stays away. */
  update(file: File, change: Partial<Pick<QueuedVideo, 'state' | 'words' | 'result'>>): void {
    this.#set(this.#videos.map((video) => (video.file === file ? { ...video, ...change } : video)));
  }

  #freeStem(file: File): string {
    // ffmpeg takes a percent sign for the number of a picture.
    const stem = file.name.replace(/\.[^.]*$/, '').replaceAll(/[%/\\]/g, '_') || 'video';
    for (let copy = 1; ; copy++) {
      const free = `${stem}-enhanced${copy === 1 ? '' : `-${copy}`}`;
      if (!this.#videos.some(({ resultStem }) => resultStem === free)) return free;
    }
  }

  #set(videos: readonly QueuedVideo[]): void {
    this.#videos = videos;
    this.#onChange();
  }
}
