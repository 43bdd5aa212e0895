/** The file of `-dnn_detections`: a JSON object per line, or WebVTT cues where its name ends with `.vtt`. */
import {
  detectionsCue,
  detectionsJson,
  webVttHead,
  type DetectionMoment,
} from '../../filters/detections-text.ts';
import type { DetectionBBoxes } from '../../frame/detection-bboxes.ts';
import type { FileStore } from '../../media/file-store.ts';
import { deliver } from '../../media/output/deliver.ts';
import type { OutputTarget } from '../../media/output/output-target.ts';
import { GatheredText } from './gathered-text.ts';

/** Seconds that a cue lasts where no frame follows and none came before. */
const loneCueSeconds = 1;

export class DetectionsFile {
  readonly #path: string;
  readonly #store: FileStore;
  readonly #target: OutputTarget | undefined;
  readonly #isVtt: boolean;
  readonly #text: GatheredText;
  /** A cue lasts until the next frame, whose time is not known yet. */
  #last: { readonly time: number; readonly detections: DetectionBBoxes | undefined } | undefined;
  #lastSeconds = loneCueSeconds;
  #frames = 0;

  /** @param target where the finished file goes; the file store if left out. */
  constructor(path: string, store: FileStore, target: OutputTarget | undefined) {
    this.#path = path;
    this.#store = store;
    this.#target = target;
    this.#isVtt = /\.vtt$/i.test(path);
    this.#text = new GatheredText(this.#isVtt ? webVttHead : '');
  }

  /** @param detections undefined for a frame without boxes, which has its line in JSON too. */
  add(moment: DetectionMoment, detections: DetectionBBoxes | undefined): void {
    this.#frames += 1;
    if (!this.#isVtt) {
      this.#text.add(`${detectionsJson(moment, detections)}\n`);
      return;
    }
    this.#writeCue(moment.time);
    this.#last = { time: moment.time, detections };
  }

  /** Whether no frame came. */
  get isEmpty(): boolean {
    return this.#frames === 0;
  }

  /** @throws what the target is rejected with. */
  async finish(): Promise<void> {
    if (this.#last !== undefined) this.#writeCue(this.#last.time + this.#lastSeconds);
    this.#last = undefined;
    const blob = this.#text.toBlob(this.#isVtt ? 'text/vtt' : 'application/jsonl');
    if (this.#target === undefined) this.#store.putOutput(this.#path, blob);
    else await deliver(blob, this.#target, this.#path);
  }

  #writeCue(end: number): void {
    const last = this.#last;
    if (last === undefined) return;
    if (end > last.time) this.#lastSeconds = end - last.time;
    const { time, detections } = last;
    if (detections !== undefined) this.#text.add(detectionsCue(time, time + this.#lastSeconds, detections));
  }
}
