/** The colours of the frames that an encoder gets. */
import type { CodecColors } from '../../../codecs/codec-contract.ts';
import type { ChainPlan } from '../../command/plan.ts';
import type { StreamPictures } from '../color/stream-pictures.ts';
import { lastLocalIndex } from '../encode-stage-args.ts';
import { framesAt } from '../pipe-args.ts';
import type { Planning } from '../planning-log.ts';
import { videoMapping } from '../video-mapping.ts';

/**
 * What the planning run's encoder was told, with what has been settled since for the frames of the last DNN
 * filter (`-dnn_color keep`).
 *
 * @param pictures of the planning run.
 */
export function encodedColors(planning: Planning, pictures: StreamPictures, chain: ChainPlan): CodecColors {
  const { output } = videoMapping(chain, planning);
  const planned = pictures.outputs.get(`${chain.outputIndex}:${output}`);
  const { toneMap, behind, ...frames } = framesAt(planning, lastLocalIndex(chain));
  const mapped: CodecColors = toneMap === undefined ? {} : frames;
  return {
    colorRange: behind?.colorRange === 'unknown' ? undefined : (behind?.colorRange ?? planned?.colorRange),
    colorSpace: behind?.colorSpace ?? mapped.colorSpace ?? planned?.colorSpace,
    colorPrimaries: behind?.colorPrimaries ?? mapped.colorPrimaries ?? planned?.colorPrimaries,
    colorTrc: behind?.colorTrc ?? mapped.colorTrc ?? planned?.colorTrc,
  };
}
