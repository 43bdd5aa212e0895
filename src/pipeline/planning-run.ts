/** Runs the planning command until it tells what every DNN filter will get; mirrors what libavfilter negotiates. */
import type { DnnInstance } from './dnn-instance.ts';
import { configureLinks } from './dnn-instance.ts';
import type { Plan } from './plan.ts';
import { planningArgs, type PlanningOptions, type PlanningSize } from './planning-args.ts';
import { parsePlanningLog, type Planning } from './planning-log.ts';

/** One run of ffmpeg whose outputs are dropped. */
export interface PlanningRun {
  readonly exitCode: number;
  readonly lines: readonly string[];
}

/** `failed`: ffmpeg itself refuses the command; its words and its exit code are the answer. */
export type PlanningResult =
  | { readonly kind: 'planned'; readonly planning: Planning }
  /** The command runs, but no frame comes to a DNN filter: nothing decodes, or the range is empty. */
  | { readonly kind: 'no-frames'; readonly planning: Planning }
  | { readonly kind: 'failed'; readonly run: PlanningRun };

/**
 * Plans with as few runs as possible: one, unless a DNN filter that changes the size has another one behind it, or a filter
 * behind it (a `crop`, say) refuses frames of the old size. Then the sizes are found from place to place.
 *
 * @throws DnnError where a model cannot take the frames
 */
export async function runPlanning(
  plan: Plan,
  instances: readonly DnnInstance[],
  run: (args: readonly string[]) => Promise<PlanningRun>,
): Promise<PlanningResult> {
  const places = instances.length;
  const formatsOf = (place: number): PlanningFormats => instances[place]!.filter.pixelFormats;
  const attempt = async (options: Omit<PlanningOptions, 'formatsOf'>): Promise<PlanningRun> =>
    run(planningArgs(plan, { ...options, formatsOf }));
  const first = await attempt({});
  let last = first;
  const sizes: PlanningSize[] = [];
  while (last.exitCode === 0) {
    const planning = parsePlanningLog(last.lines, places);
    const resized = resizedSizes(planning, instances);
    if (resized.every((size, place) => isSameSize(size, sizes[place]))) return conclude(planning);
    // What stands behind has seen frames of another size; each run settles one place more.
    sizes.splice(0, sizes.length, ...resized);
    last = await attempt({ sizes });
  }
  sizes.length = 0;
  for (let place = 0; place < places; place++) {
    const upToHere = await attempt({ sizes, until: place });
    const frames = parsePlanningLog(upToHere.lines, places).frames[place];
    // What stands before the DNN filter fails by itself.
    if (frames === undefined) return { kind: 'failed', run: first };
    sizes.push(sizeBehind(instances[place]!, frames));
    last = await attempt({ sizes });
    if (last.exitCode === 0) return conclude(parsePlanningLog(last.lines, places));
  }
  return { kind: 'failed', run: last };
}

function sizeBehind(instance: DnnInstance, { pixelFormat, width, height }: PlanningSize): PlanningSize {
  const { output } = configureLinks(instance, { format: pixelFormat, width, height });
  return { width: output.width, height: output.height, pixelFormat };
}

function isSameSize(one: PlanningSize, other: PlanningSize | undefined): boolean {
  return one.width === other?.width && one.height === other.height;
}

/** Sizes behind the DNN filters up to the last one that changes the size and has another DNN filter behind it. */
function resizedSizes({ frames }: Planning, instances: readonly DnnInstance[]): PlanningSize[] {
  const sizes: PlanningSize[] = [];
  let needed = 0;
  for (const [place, instance] of instances.slice(0, -1).entries()) {
    const frame = frames[place];
    if (frame === undefined) break;
    const size = sizeBehind(instance, frame);
    sizes.push(size);
    if (size.width !== frame.width || size.height !== frame.height) needed = place + 1;
  }
  return sizes.slice(0, needed);
}

type PlanningFormats = ReturnType<PlanningOptions['formatsOf']>;

function conclude(planning: Planning): PlanningResult {
  return planning.frames.includes(undefined)
    ? { kind: 'no-frames', planning }
    : { kind: 'planned', planning };
}
