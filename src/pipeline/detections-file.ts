/** The file of `-dnn_detections`: a JSON object per line, or WebVTT cues where its name ends with `.vtt`. */
import {
  detectionsCue,
  detectionsJson,
  webVttHead,
  type DetectionMoment,
} from '../filters/detections-text.ts';
import type { DetectionBBoxes } from '../frame/detection-bboxes.ts';
import type { FileStore } from '../media/file-store.ts';
import { deliver } from '../media/output/open-output.ts';
import type { OutputTarget } from '../media/output/output-target.ts';

/** Characters that are gathered before they become a Blob, which the browser may keep on disk. */
const partLength = 1 << 20;

/** Seconds that a cue lasts where no frame follows and none came before. */
const loneCueSeconds = 1;

export class DetectionsFile {
  readonly #path: string;
  readonly #store: FileStore;
  readonly #target: OutputTarget | undefined;
  readonly #isVtt: boolean;
  #blob = new Blob([]);
  #text = '';
  /** A cue lasts until the next frame, whose time is not known yet. */
  #last: { readonly time: number; readonly detections: DetectionBBoxes | undefined } | undefined;
  #lastSeconds = loneCueSeconds;

  /** @param target where the finished file goes; the file store if left out. */
  constructor(path: string, store: FileStore, target: OutputTarget | undefined) {
    this.#path = path;
    this.#store = store;
    this.#target = target;
    this.#isVtt = /\.vtt$/i.test(path);
    if (this.#isVtt) this.#text = webVttHead;
  }

  /** @param detections undefined for a frame without boxes, which has its line in JSON too. */
  add(moment: DetectionMoment, detections: DetectionBBoxes | undefined): void {
    if (!this.#isVtt) {
      this.#write(`${detectionsJson(moment, detections)}\n`);
      return;
    }
    this.#writeCue(moment.time);
    this.#last = { time: moment.time, detections };
  }

  /** @throws what the target is rejected with. */
  async finish(): Promise<void> {
    if (this.#last !== undefined) this.#writeCue(this.#last.time + this.#lastSeconds);
    this.#last = undefined;
    const blob = new Blob([this.#blob, this.#text], { type: this.#isVtt ? 'text/vtt' : 'application/jsonl' });
    if (this.#target === undefined) this.#store.putOutput(this.#path, blob);
    else await deliver(blob, this.#target, this.#path);
  }

  #writeCue(end: number): void {
    const last = this.#last;
    if (last === undefined) return;
    if (end > last.time) this.#lastSeconds = end - last.time;
    const { time, detections } = last;
    if (detections !== undefined) this.#write(detectionsCue(time, time + this.#lastSeconds, detections));
  }

  #write(text: string): void {
    this.#text += text;
    if (this.#text.length < partLength) return;
    this.#blob = new Blob([this.#blob, this.#text]);
    this.#text = '';
  }
}
