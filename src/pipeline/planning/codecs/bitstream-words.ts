/**
 * Bitstream filters for encoded video: browsers write neither aspect ratio nor rate into it, and not all
 * colours, as x264 does. Containers such as MPEG-TS have no other place for them.
 */
import type { Rational } from '../../../media/nut/nut-stream.ts';
import type { FileGroup } from '../../command/command.ts';
import { isBitstreamFilter, type EncodedVideo } from './mux-words.ts';

/** The filters with those that the user asks for behind them, to stand behind the user's options. */
export function bitstreamWords(video: EncodedVideo, output: FileGroup): string[] {
  const asked = output.options.findLast(isBitstreamFilter)?.value;
  const filters = [metadataFilter(video), asked].filter((filter) => filter !== undefined);
  return filters.length === 0 ? [] : ['-bsf:v:0', filters.join(',')];
}

/**
 * The `h264_metadata` or `hevc_metadata` (libavcodec/h264_metadata_bsf.c) of a stream; undefined for others.
 */
function metadataFilter({ encoder, colors, sampleAspectRatio, frameRate }: EncodedVideo): string | undefined {
  const { codec } = encoder;
  if (codec !== 'h264' && codec !== 'hevc') return undefined;
  const written = (name: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [`${name}=${value}`];
  const described = [
    ...written('colour_primaries', primaries.get(colors.colorPrimaries)),
    ...written('transfer_characteristics', transfers.get(colors.colorTrc)),
    ...written('matrix_coefficients', matrices.get(colors.colorSpace)),
  ];
  // As x264 does: limited range is what readers take where nothing is written.
  const isRangeWritten = described.length > 0 || colors.colorRange === 'pc';
  const options = [
    ...written('sample_aspect_ratio', sampleAspectRatio.num > 0 ? ratio(sampleAspectRatio) : undefined),
    ...written('tick_rate', frameRate && ratio(codec === 'h264' ? fieldRate(frameRate) : frameRate)),
    ...written('video_full_range_flag', isRangeWritten ? ranges.get(colors.colorRange) : undefined),
    ...described,
  ];
  return options.length === 0 ? undefined : `${codec}_metadata=${options.join(':')}`;
}

const ratio = ({ num, den }: Rational): string => `${num}/${den}`;

/** H.264 counts fields (ITU-T H.264, E.2.1 · time_scale). */
const fieldRate = ({ num, den }: Rational): Rational =>
  den % 2 === 0 ? { num, den: den / 2 } : { num: 2 * num, den };

/** Code points of ITU-T H.273 by the names of libavutil/pixdesc.c. */
type Codes = ReadonlyMap<string | undefined, number>;

const ranges: Codes = new Map([
  ['tv', 0],
  ['pc', 1],
]);
const primaries: Codes = new Map([
  ['bt709', 1],
  ['bt470m', 4],
  ['bt470bg', 5],
  ['smpte170m', 6],
  ['smpte240m', 7],
  ['film', 8],
  ['bt2020', 9],
  ['smpte428', 10],
  ['smpte431', 11],
  ['smpte432', 12],
  ['ebu3213', 22],
]);
const transfers: Codes = new Map([
  ['bt709', 1],
  ['bt470m', 4],
  ['bt470bg', 5],
  ['smpte170m', 6],
  ['smpte240m', 7],
  ['linear', 8],
  ['log100', 9],
  ['log316', 10],
  ['iec61966-2-4', 11],
  ['bt1361e', 12],
  ['iec61966-2-1', 13],
  ['bt2020-10', 14],
  ['bt2020-12', 15],
  ['smpte2084', 16],
  ['smpte428', 17],
  ['arib-std-b67', 18],
]);
const matrices: Codes = new Map([
  ['bt709', 1],
  ['fcc', 4],
  ['bt470bg', 5],
  ['smpte170m', 6],
  ['smpte240m', 7],
  ['ycgco', 8],
  ['bt2020nc', 9],
  ['bt2020c', 10],
]);
