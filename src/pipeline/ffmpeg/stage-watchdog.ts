/** Watches one run of a core: a stage that hangs is named with its last step, and its owner ends it. */
import { DnnError } from '../../base/errors.ts';
import type { CoreControl } from '../../media/core-control.ts';
import { coreStepTexts } from '../../media/core-step.ts';
import type { WatchdogClock } from '../../workers/request-watchdog.ts';
import type { StepLimit } from '../../workers/step-watch.ts';
import { defaultStepLimitMs, watchSteps } from '../../workers/step-watchdog.ts';

export interface StageWatchdogOptions {
  /** Begins the message: `The decode stage`. */
  readonly name: string;
  /** Of `-dnn_watchdog`: the limit whatever was taken so far, 0 for none; undefined where left out. */
  readonly seconds: number | undefined;
  /** Where the core tells its steps and its waits; without it only `step` and `line` do. */
  readonly control: CoreControl | undefined;
  readonly clock?: WatchdogClock;
}

/** A frame whose size the log does not tell is taken for one of 4K. */
const unknownPixels = 3840 * 2160;

/** Larger frames take longer in proportion. */
const pixelsOfLeast = 1_000_000;

export class StageWatchdog {
  readonly #options: StageWatchdogOptions;
  /** Those that the control does not count. */
  #steps = 0;
  #toldStep = 0;
  #lastLine = '';
  #pixels = 0;

  constructor(options: StageWatchdogOptions) {
    this.#options = options;
  }

  /**
   * @param onHung called once, with the error that names the stage.
   * @returns ends the watch.
   */
  start(onHung: (error: DnnError) => void): () => void {
    const { seconds, control, clock } = this.#options;
    if (seconds === 0) return () => undefined;
    return watchSteps({
      sample: () => ({
        steps: this.#steps + (control?.steps ?? 0),
        waitedMs: control?.blockedMilliseconds ?? 0,
      }),
      limit: () => this.#limit(),
      onHung: (workedMs) => {
        onHung(this.#error(workedMs));
      },
      ...(clock === undefined ? {} : { clock }),
    });
  }

  /** The stage went on. @param coreStep what its core has done, where it tells that by an event. */
  step(coreStep = this.#toldStep): void {
    this.#steps += 1;
    this.#toldStep = coreStep;
  }

  /** The stage said something: a step, and where it is about a stream, the size of frames. */
  line(message: string): void {
    this.step();
    this.#lastLine = message;
    const size = /Video: .*\b(\d{2,5})x(\d{2,5})\b/.exec(message);
    if (size !== null) this.#pixels = Math.max(this.#pixels, Number(size[1]) * Number(size[2]));
  }

  #limit(): StepLimit {
    const { seconds } = this.#options;
    if (seconds !== undefined) return { leastMs: 1000 * seconds, isFixed: true };
    const pixels = this.#pixels === 0 ? unknownPixels : this.#pixels;
    return { leastMs: defaultStepLimitMs * Math.max(1, pixels / pixelsOfLeast), isFixed: false };
  }

  #error(workedMs: number): DnnError {
    const { name, control } = this.#options;
    const seconds = Math.round(workedMs / 1000);
    const step = coreStepTexts[control?.lastStep ?? this.#toldStep] ?? '';
    const said = this.#lastLine === '' ? '' : ` It said last: ${this.#lastLine.trim().slice(0, 120)}`;
    return new DnnError(
      'EIO',
      `${name} hung and was ended: it has worked for ${seconds} s since ${step}. What was written is kept. Leave ` +
        `out or replace the codec or filter that hangs, or give it longer by -dnn_watchdog SECONDS, 0 for no ` +
        `limit.${said}`,
      { stage: name, seconds, step },
    );
  }
}
