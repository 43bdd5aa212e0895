/**
 * Runs the planning command until it tells what every DNN filter will get;
 * mirrors what libavfilter negotiates.
 */
import { DnnError } from '../../base/errors.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import type { LocalFilter } from './local-filter.ts';
import type { Plan } from '../command/plan.ts';
import { planningArgs, planningArgsUntil, type PlanningOptions, type PlanningSize } from './planning-args.ts';
import { readStreamPictures, type StreamPictures } from './color/stream-pictures.ts';
import type { PlannedFrames } from './planned-frames.ts';
import { parsePlanningLog, type Planning } from './planning-log.ts';
import { unlabelledInputs } from './unlabelled-inputs.ts';

/** One run of ffmpeg whose outputs are dropped. */
export interface PlanningRun {
  readonly exitCode: number;
  readonly lines: readonly string[];
}

/** `failed`: ffmpeg itself refuses the command; its words and its exit code are the answer. */
export type PlanningResult =
  | { readonly kind: 'planned'; readonly planning: Planning; readonly pictures: StreamPictures }
  /** The command runs, but no frame comes to a DNN filter: nothing decodes, or the range is empty. */
  | { readonly kind: 'no-frames'; readonly planning: Planning; readonly pictures: StreamPictures }
  | { readonly kind: 'failed'; readonly run: PlanningRun };

type Sizes = (PlanningSize | undefined)[];

/**
 * What the outputs get where every DNN filter gives frames of its real size; `runPlanning` leaves them as
 * they are where no DNN filter stands behind.
 *
 * @returns undefined where ffmpeg refuses the frames
 */
export async function runSizedPlanning(
  plan: Plan,
  filters: readonly LocalFilter[],
  { frames }: Planning,
  run: (args: readonly string[]) => Promise<PlanningRun>,
): Promise<StreamPictures | undefined> {
  const sizes = frames.map((frame, localIndex) => frame && sizeBehind(filters[localIndex]!, frame));
  const formatsOf = (localIndex: number): readonly PixelFormat[] => filters[localIndex]!.pixelFormats;
  const { exitCode, lines } = await run(planningArgs(plan, { sizes, formatsOf }));
  return exitCode === 0 ? readStreamPictures(lines) : undefined;
}

/**
 * Plans with as few runs as possible: one, unless a DNN filter that changes the size has another one
 * behind it, or a filter behind it (a `crop`, say) refuses frames of the old size. Then the sizes
 * are found from filter to filter.
 *
 * @throws DnnError where a model cannot take the frames, or where no frame
 * comes to one of several DNN filters
 */
export async function runPlanning(
  plan: Plan,
  filters: readonly LocalFilter[],
  run: (args: readonly string[]) => Promise<PlanningRun>,
): Promise<PlanningResult> {
  return new PlanningRuns(plan, filters, run).result();
}

class PlanningRuns {
  readonly #plan: Plan;
  readonly #filters: readonly LocalFilter[];
  readonly #run: (args: readonly string[]) => Promise<PlanningRun>;

  constructor(
    plan: Plan,
    filters: readonly LocalFilter[],
    run: (args: readonly string[]) => Promise<PlanningRun>,
  ) {
    this.#plan = plan;
    this.#filters = filters;
    this.#run = run;
  }

  async result(): Promise<PlanningResult> {
    const first = await this.#attempt([]);
    let last = first;
    let sizes: Sizes = [];
    while (last.exitCode === 0) {
      const planning = this.#parse(last);
      const resized = this.#resizedSizes(planning);
      if (resized.every((size, localIndex) => isSameSize(size, sizes[localIndex])))
        return this.#conclude(last, sizes);
      // What stands behind has seen frames of another size; each run settles one filter more.
      sizes = resized;
      last = await this.#attempt(sizes);
    }
    return this.#findSizes(first);
  }

  async #findSizes(first: PlanningRun): Promise<PlanningResult> {
    const sizes: Sizes = [];
    let last = first;
    for (let localIndex = 0; localIndex < this.#filters.length; localIndex++) {
      const frames = await this.#framesAt(localIndex, sizes, this.#parse(first));
      // What stands before the DNN filter fails by itself.
      if (frames === undefined) return { kind: 'failed', run: first };
      sizes.push(this.#sizeBehind(localIndex, frames));
      last = await this.#attempt(sizes);
      if (last.exitCode === 0) return this.#conclude(last, sizes);
    }
    return { kind: 'failed', run: last };
  }

  /** An output may have its frame before one has come to each DNN filter: those are asked by themselves. */
  async #conclude(run: PlanningRun, sizes: Sizes): Promise<PlanningResult> {
    const planning = this.#parse(run);
    const frames = [...planning.frames];
    const pictures = readStreamPictures(run.lines);
    if (frames.every((frame) => frame === undefined)) return { kind: 'no-frames', planning, pictures };
    for (const [localIndex, known] of frames.entries()) {
      if (known !== undefined) continue;
      const found = await this.#framesAt(localIndex, sizes, planning);
      if (found === undefined && this.#filters[localIndex]!.mayStarve === true) continue;
      if (found === undefined) throw noFramesError(this.#plan, localIndex);
      frames[localIndex] = found;
      sizes[localIndex] = this.#sizeBehind(localIndex, found);
    }
    return { kind: 'planned', planning: { ...planning, frames }, pictures };
  }

  async #framesAt(localIndex: number, sizes: Sizes, known: Planning): Promise<PlannedFrames | undefined> {
    const labels = unlabelledInputs(this.#plan.graphs, known);
    const ended = await this.#run(planningArgsUntil(this.#plan, localIndex, this.#options(sizes), labels));
    return this.#parse(ended).frames[localIndex];
  }

  #options(sizes: Sizes): PlanningOptions {
    return { sizes, formatsOf: (localIndex) => this.#filters[localIndex]!.pixelFormats };
  }

  #attempt(sizes: Sizes): Promise<PlanningRun> {
    return this.#run(planningArgs(this.#plan, this.#options(sizes)));
  }

  #parse({ lines }: PlanningRun): Planning {
    return parsePlanningLog(lines, this.#filters.length);
  }

  /** Sizes behind the DNN filters that change the size and have another DNN filter behind them. */
  #resizedSizes({ frames }: Planning): Sizes {
    return frames.map((frame, localIndex) => {
      if (frame === undefined || !this.#plan.upstream.has(localIndex)) return undefined;
      const size = this.#sizeBehind(localIndex, frame);
      return isSameSize(size, frame) ? undefined : size;
    });
  }

  #sizeBehind(localIndex: number, frames: PlanningSize): PlanningSize {
    return sizeBehind(this.#filters[localIndex]!, frames);
  }
}

function sizeBehind(filter: LocalFilter, { pixelFormat, width, height }: PlanningSize): PlanningSize {
  const link = filter.linkBehind({ format: pixelFormat, width, height });
  return { width: link.width, height: link.height, pixelFormat };
}

function isSameSize(one: PlanningSize | undefined, other: PlanningSize | undefined): boolean {
  return one?.width === other?.width && one?.height === other?.height;
}

function noFramesError({ filters }: Plan, localIndex: number): DnnError {
  const { name, text } = filters[localIndex]!;
  return new DnnError(
    'EINVAL',
    `No frame comes to ${text}: look whether a trim or -ss before it leaves nothing, or leave the filter out.`,
    { filter: name, index: localIndex },
  );
}
