/**
 * Words behind `ffmpeg` of the stage before an encoder of the browser: it filters the frames behind the last
 * DNN filter, and gives those frames at those times that ffmpeg's own encoder would get.
 */
import type { ChainPlan, Plan } from '../../command/plan.ts';
import { partText } from '../../command/plan-filterchain.ts';
import type { BrowserEncoder } from '../../command/webcodecs/browser-encoder.ts';
import { isRateWord } from '../../command/webcodecs/rate-words.ts';
import { quietGlobals } from '../decode-stage-args.ts';
import { encodePipeOffset, encoderTimeBaseWords, lastLocalIndex } from '../encode-stage-args.ts';
import { framesAt, lastRestoringFilters, pipeInput } from '../pipe-args.ts';
import type { Planning } from '../planning-log.ts';
import { videoMapping } from '../video-mapping.ts';
import { usualFpsMode } from './usual-fps-mode.ts';

/** Paths of the pipes of such a stage, both with raw video. */
export interface RatePipes {
  readonly input: string;
  readonly output: string;
}

/** @param chain of the output, whose last DNN filter gives the frames. */
export function rateStageArgs(
  plan: Plan,
  planning: Planning,
  chain: ChainPlan,
  encoder: BrowserEncoder,
  pipes: RatePipes,
): string[] {
  const localIndex = lastLocalIndex(chain);
  const frames = framesAt(planning, localIndex);
  const { source } = videoMapping(chain, planning);
  const filters = partText(chain.chain, chain.chain.dnnFilters.length, lastRestoringFilters(frames), '');
  const mode = usualFpsMode(planning.outputs[chain.outputIndex]?.format);
  return [
    ...quietGlobals(plan),
    ...plan.command.global.filter(({ name }) => name === 'vsync').flatMap(({ words }) => words),
    ...pipeInput(frames.pixelFormat, encodePipeOffset(plan, planning, localIndex), pipes.input),
    ...['-map', '0:0'],
    ...(mode === 'passthrough' ? ['-fps_mode', mode] : []),
    ...chain.output.options
      .filter(isRateWord)
      .flatMap((option) => encoderTimeBaseWords(option, planning, source)),
    ...['-filter:v', filters],
    ...['-c:v', 'rawvideo', '-pix_fmt', encoder.pixelFormat],
    // Neither NUT's own choice nor a word of 5.1 is what containers of constant rate get: that of `tee` is.
    ...(mode === 'constant' ? ['-f', 'tee', `[f=nut]${pipes.output}`] : ['-f', 'nut', pipes.output]),
  ];
}
