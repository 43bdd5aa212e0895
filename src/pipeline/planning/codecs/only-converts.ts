/** Where all that stands between a decoder and a DNN filter is one conversion of ffmpeg's scaler. Pure. */
import { filtersOf } from '../../../filtergraph/filtergraph.ts';
import { formatNames } from '../../../filtergraph/format-names.ts';
import { parseFiltergraph } from '../../../filtergraph/parse-filtergraph.ts';
import type { CutFilterchain } from '../../command/plan-filterchain.ts';

/**
 * Whether nothing stands before the first DNN filter but, at most, a `format` that lets the frames' format
 * through. ffmpeg puts its scaler before that filter (libavfilter/avfiltergraph.c · query_formats), and none
 * behind it.
 *
 * @param format of the frames that the DNN filter gets; ffmpeg's name.
 */
export function onlyConverts(
  { parts: [segment], swsFlags }: Pick<CutFilterchain, 'parts' | 'swsFlags'>,
  format: string,
): boolean {
  if (swsFlags !== undefined) return false;
  if (segment === undefined) return true;
  if (segment.chains.length !== 1) return false;
  const [filter, ...others] = filtersOf(parseFiltergraph(segment.chains[0]!.text));
  return others.length === 0 && filter?.name.text === 'format' && formatNames(filter).includes(format);
}
