/** Runs the planning command until it tells what every DNN filter will get; mirrors what libavfilter negotiates. */
import type { DnnInstance } from './dnn-instance.ts';
import { configureLink } from './dnn-instance.ts';
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
 * Plans with as few runs as possible: one, unless a filter behind a DNN filter (a `crop`, say) refuses frames of the
 * size that the DNN filter would have enlarged. Then the sizes are found from place to place.
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
  const planning = parsePlanningLog(first.lines, places);
  if (first.exitCode === 0) return conclude(planning);

  const sizes: PlanningSize[] = [];
  let last = first;
  for (let place = 0; place < places; place++) {
    const upToHere = await attempt({ sizes, until: place });
    const frames = parsePlanningLog(upToHere.lines, places).frames[place];
    // What stands before the DNN filter fails by itself.
    if (frames === undefined) return { kind: 'failed', run: first };
    const { pixelFormat, width, height } = frames;
    const link = configureLink(instances[place]!, { format: pixelFormat, width, height });
    sizes.push({ width: link.width, height: link.height, pixelFormat });
    last = await attempt({ sizes });
    if (last.exitCode === 0) return conclude(parsePlanningLog(last.lines, places));
  }
  return { kind: 'failed', run: last };
}

type PlanningFormats = ReturnType<PlanningOptions['formatsOf']>;

function conclude(planning: Planning): PlanningResult {
  return planning.frames.includes(undefined)
    ? { kind: 'no-frames', planning }
    : { kind: 'planned', planning };
}
