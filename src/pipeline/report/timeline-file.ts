/** The file of `-dnn_timeline`, in Chrome's Trace Event format, which Perfetto and chrome://tracing open. */
import type { FileStore } from '../../media/file-store.ts';
import { deliver } from '../../media/output/deliver.ts';
import type { OutputTarget } from '../../media/output/output-target.ts';
import type { TimelineLane, TimelineSpan } from '../../workers/pipeline-api.ts';
import { GatheredText } from './gathered-text.ts';

const process = 1;

export class TimelineFile {
  readonly #path: string;
  readonly #store: FileStore;
  readonly #target: OutputTarget | undefined;
  readonly #text = new GatheredText('{"displayTimeUnit":"ms","traceEvents":[\n');
  #spans = 0;

  /** @param target where the finished file goes; the file store if left out. */
  constructor(path: string, store: FileStore, target: OutputTarget | undefined) {
    this.#path = path;
    this.#store = store;
    this.#target = target;
  }

  /** A complete event; the format's times are microseconds. */
  add({ lane, start, end, frames }: TimelineSpan): void {
    this.#spans += 1;
    const [ts, dur] = [Math.round(start * 1000), Math.round((end - start) * 1000)];
    const event = { name: 'work', ph: 'X', pid: process, tid: lane + 1, ts, dur, args: { frames } };
    this.#text.add(`${JSON.stringify(event)},\n`);
  }

  /** Whether nothing was at work. */
  get isEmpty(): boolean {
    return this.#spans === 0;
  }

  /** @param lanes in the order of their numbers. @throws what the target is rejected with. */
  async finish(lanes: readonly TimelineLane[]): Promise<void> {
    for (const [index, { kind, label }] of lanes.entries()) {
      const named = { ph: 'M', pid: process, tid: index + 1, cat: kind };
      this.#text.add(`${JSON.stringify({ ...named, name: 'thread_name', args: { name: label } })},\n`);
      const sorted = { ...named, name: 'thread_sort_index', args: { sort_index: index } };
      this.#text.add(`${JSON.stringify(sorted)},\n`);
    }
    // The last one stands without a comma behind it.
    const name = { name: 'process_name', ph: 'M', pid: process, args: { name: 'ffmpeg-dnn' } };
    this.#text.add(`${JSON.stringify(name)}\n]}\n`);
    const blob = this.#text.toBlob('application/json');
    if (this.#target === undefined) this.#store.putOutput(this.#path, blob);
    else await deliver(blob, this.#target, this.#path);
  }
}
