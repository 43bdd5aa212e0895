/**
 * What the detecting filters of a job found, frame by frame: for `onDetections`, for
 * `-dnn_detections` and for the log.
 */
import type { Logger } from '../../base/log.ts';
import type { Frame } from '../../frame/frame.ts';
import type { NutStream, Rational } from '../../media/nut/nut-stream.ts';
import type { DetectionsEvent } from '../../workers/pipeline-api.ts';
import { detectionsInfo } from '../../filters/detections-text.ts';
import type { DetectionsFile } from './detections-file.ts';

/** How often events are sent: each message costs the page a task. */
const sendEveryMs = 50;

export interface DetectionsRecorderOptions {
  /** Takes events where somebody listens to them. */
  readonly send?: ((events: readonly DetectionsEvent[]) => void) | undefined;
  /** The file of `-dnn_detections`. */
  readonly file?: DetectionsFile | undefined;
  readonly log: Logger;
}

export class DetectionsRecorder {
  readonly #options: DetectionsRecorderOptions;
  #waiting: DetectionsEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: DetectionsRecorderOptions) {
    this.#options = options;
  }

  /**
   * @param filter that saw the frame, as the user wrote it.
   * @param stream on which the frame comes, whose time base may be finer than that of the filter's link.
   * @param linkTimeBase of the filter's link, in which pts are told.
   */
  add(filter: string, { timeBase }: Pick<NutStream, 'timeBase'>, linkTimeBase: Rational, frame: Frame): void {
    const { width, height, detections } = frame;
    const time = (frame.pts * timeBase.num) / timeBase.den;
    const { send, file, log } = this.#options;
    const event: DetectionsEvent = {
      filter,
      pts: Math.round((time * linkTimeBase.den) / linkTimeBase.num),
      time,
      width,
      height,
      ...(detections === undefined ? {} : { source: detections.source }),
      bboxes: detections?.bboxes ?? [],
    };
    file?.add(event, detections);
    if (detections !== undefined) {
      for (const line of detectionsInfo(detections)) log('verbose', line);
    }
    if (send === undefined) return;
    this.#waiting.push(event);
    this.#timer ??= setTimeout(() => {
      this.#send();
    }, sendEveryMs);
  }

  /**
   * Sends what is left, and completes the file.
   *
   * @param succeeded whether the command did. A failed one has written what was found until then; where that
   *   is nothing, it leaves a file of that name, such as an earlier command's, as it was.
   * @throws what the file's target is rejected with
   */
  async finish(succeeded: boolean): Promise<void> {
    this.#send();
    const { file } = this.#options;
    if (file !== undefined && (succeeded || !file.isEmpty)) await file.finish();
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    this.#options.send?.(this.#waiting);
    this.#waiting = [];
  }
}
