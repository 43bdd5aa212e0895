/**
 * Runs the planning of a command. Where ffmpeg cannot decode an input, the browser does in its place, and
 * planning goes by what it gives.
 */
import { DnnError, errorMessage } from '../../base/errors.ts';
import { mentionsAv1 } from '../../media/input/av1-mention.ts';
import { resolvePath } from '../../media/resolve-path.ts';
import type { FileStore } from '../../media/file-store.ts';
import { firstPicture } from '../codecs/first-picture.ts';
import type { Command } from '../command/command.ts';
import type { Plan } from '../command/plan.ts';
import { stageFiles } from '../ffmpeg/stage-files.ts';
import { demuxStageArgs } from '../planning/codecs/decoder-stage-args.ts';
import { earliestPts } from '../planning/codecs/first-pts.ts';
import { rotationFilters, turnOf } from '../planning/codecs/rotation.ts';
import { withoutStandIns, withStandIns, type StandIn } from '../planning/codecs/stand-in.ts';
import {
  undecodedCodec,
  undecodedError,
  undecodedVideos,
  undecodedWords,
} from '../planning/codecs/undecoded-videos.ts';
import { readStreamPictures } from '../planning/color/stream-pictures.ts';
import type { LocalFilter } from '../planning/local-filter.ts';
import { planningArgs } from '../planning/planning-args.ts';
import { parsePlanningLog, type Planning, type StreamSource } from '../planning/planning-log.ts';
import { runPlanning, type PlanningResult, type PlanningRun } from '../planning/planning-run.ts';
import { runDiscarding } from './discarding-run.ts';
import type { CommandRun } from './execution.ts';

/** What planning has told. */
export interface PlannedInputs {
  /** The plan, in which the browser is asked to decode what ffmpeg cannot. */
  readonly plan: Plan;
  readonly result: PlanningResult;
  /** Whether it is there at all: then ffmpeg alone cannot run the command. */
  readonly needsBrowser: boolean;
  /** A plan for further planning runs of the same inputs, or of a part of the outputs. */
  readonly forRuns: (plan: Plan) => Plan;
}

/** Whether an input may be one that ffmpeg cannot decode. */
export function mayHoldAv1({ inputs }: Command): boolean {
  return inputs.some((input) => input.mayHoldAv1 === true);
}

/** The command with inputs marked that may hold what ffmpeg cannot decode. */
export async function withAv1Marks(command: Command, store: FileStore, cwd: string): Promise<Command> {
  if (command.printsOnly) return command;
  const inputs = await Promise.all(
    command.inputs.map(async (input) => {
      const path = resolvePath(input.url, cwd);
      if (!store.isFile(path) || !(await mentionsAv1(store.blob(path)))) return input;
      return { ...input, mayHoldAv1: true as const };
    }),
  );
  return { ...command, inputs };
}

/**
 * @throws DnnError as `runPlanning`; where neither ffmpeg nor the browser can decode an input; the signal's
 * reason.
 */
export async function planInputs(
  plan: Plan,
  filters: readonly LocalFilter[],
  run: CommandRun,
): Promise<PlannedInputs> {
  const runArgs = (args: readonly string[]): Promise<PlanningRun> => runDiscarding(args, run);
  const asIs = async (): Promise<PlannedInputs> => ({
    ...{ plan, needsBrowser: false, forRuns: (other: Plan) => other },
    result: await runPlanning(plan, filters, runArgs),
  });
  if (!mayHoldAv1(plan.command)) return asIs();
  const formatsOf = (localIndex: number): LocalFilter['pixelFormats'] => filters[localIndex]!.pixelFormats;
  // It ends with the first packet that cannot be decoded, and has told by then what is mapped.
  const { lines } = await runArgs(['-xerror', ...planningArgs(plan, { formatsOf })]);
  const listed = parsePlanningLog(lines, plan.filters.length);
  const sources = undecodedVideos(plan, listed, readStreamPictures(lines));
  if (sources.length === 0) return asIs();
  const standIns: StandIn[] = [];
  for (const source of sources) {
    run.log('info', `${undecodedWords(plan.command, source.file)}.`);
    standIns.push(await standInOf(source, plan, listed, run));
  }
  const decoding = withWebCodecs(plan, sources);
  const forRuns = (other: Plan): Plan => withStandIns(other, listed, standIns);
  const result = await runPlanning(forRuns(decoding), filters, runArgs);
  return {
    plan: decoding,
    needsBrowser: true,
    forRuns,
    result: withoutStandInsIn(result, decoding, standIns),
  };
}

function withoutStandInsIn(result: PlanningResult, plan: Plan, standIns: readonly StandIn[]): PlanningResult {
  switch (result.kind) {
    case 'failed':
      return result;
    case 'no-frames':
      throw new DnnError(
        'EINVAL',
        'No frame comes through the filters: look whether a trim among them leaves nothing.',
      );
    case 'planned':
      return { ...result, ...withoutStandIns(result, plan, standIns) };
  }
}

/** Asks the browser to decode inputs of which the user does not say who is to. */
function withWebCodecs(plan: Plan, sources: readonly StreamSource[]): Plan {
  const inputs = plan.command.inputs.map((input, file) =>
    sources.some((source) => source.file === file) ? { hwaccel: 'webcodecs' as const, ...input } : input,
  );
  return { ...plan, command: { ...plan.command, inputs } };
}

async function standInOf(
  source: StreamSource,
  plan: Plan,
  listed: Planning,
  run: CommandRun,
): Promise<StandIn> {
  const { context, request, command, signal, fonts } = run;
  const input = plan.command.inputs[source.file]!;
  const refuse = (reason: string, cause?: unknown): DnnError =>
    undecodedError(plan.command, source.file, reason.replace(/\.$/, ''), cause);
  const stream = listed.inputs[source.file]?.streams.find(({ index }) => index === source.stream);
  const turn = turnOf(input, listed, source);
  const rotation = rotationFilters(turn);
  if (rotation === undefined) throw refuse(`it is turned by ${turn} degrees`);
  if (stream?.ticksPerSecond === undefined) throw refuse('its ticks are no whole part of a second');
  const timeBase = { num: 1, den: stream.ticksPerSecond };
  const demuxed = { source, codec: undecodedCodec, decoded: { timeBase } } as const;
  try {
    const {
      stream: encoded,
      facts,
      pts,
      frame,
    } = await firstPicture({
      ...{ cores: context.cores, assets: context.assets, signal, timeBase },
      files: stageFiles(context.store, request.cwd, fonts),
      watchdogSeconds: command.dnnWatchdog,
      args: (pipes) => demuxStageArgs(plan, listed, demuxed, pipes),
      earliest: earliestPts(plan.command, input, timeBase),
    });
    const { sampleAspectRatio, frameRate } = encoded;
    return {
      ...{ source, rotation },
      decoded: {
        ...{ pixelFormat: frame.format, width: frame.width, height: frame.height, timeBase },
        sampleAspectRatio: sampleAspectRatio.num === 0 ? { num: 1, den: 1 } : sampleAspectRatio,
        ...{ firstPts: pts, fieldOrder: 'prog' },
        ...(frameRate === undefined ? {} : { frameRate }),
        ...definedColors(facts.colors),
      },
    };
  } catch (error) {
    signal.throwIfAborted();
    throw refuse(errorMessage(error), error);
  }
}

type Colors = Pick<StandIn['decoded'], 'colorRange' | 'colorSpace' | 'colorPrimaries' | 'colorTrc'>;

function definedColors(colors: Awaited<ReturnType<typeof firstPicture>>['facts']['colors'] = {}): Colors {
  const { colorRange, colorSpace, colorPrimaries, colorTrc } = colors;
  return {
    ...(colorRange === undefined ? {} : { colorRange }),
    ...(colorSpace === undefined ? {} : { colorSpace }),
    ...(colorPrimaries === undefined ? {} : { colorPrimaries }),
    ...(colorTrc === undefined ? {} : { colorTrc }),
  };
}
