/** Why planning saw no frame that the browser could decode. Pure. */
import { isPixelFormat } from '../../../frame/pixel-format.ts';
import type { Plan } from '../../command/plan.ts';
import type { StreamPicture, StreamPictures } from '../color/stream-pictures.ts';
import type { Planning } from '../planning-log.ts';
import { mappedVideos } from '../video-mapping.ts';

/**
 * In words, without a full stop, by the number of each input whose video is taken.
 *
 * @param planned of a run in which no frame came to any filter of this side.
 */
export function unseenFrames(
  { chains }: Pick<Plan, 'chains'>,
  { planning, pictures }: { readonly planning: Planning; readonly pictures: StreamPictures },
): ReadonlyMap<number, string> {
  const sources = chains.flatMap(({ outputIndex }) =>
    mappedVideos(planning, outputIndex).flatMap(({ source }) => source ?? []),
  );
  return new Map(
    sources.map(({ file, stream }) => [file, reasonOf(pictures.inputs.get(`${file}:${stream}`))]),
  );
}

function reasonOf(picture: StreamPicture | undefined): string {
  // ffmpeg's name where a format has full range.
  const pixelFormat = picture?.pixelFormat.replace(/^yuvj/, 'yuv');
  return pixelFormat === undefined || isPixelFormat(pixelFormat)
    ? 'ffmpeg decodes no frame of it'
    : `its frames are ${pixelFormat}, a format that is not known here`;
}
