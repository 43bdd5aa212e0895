/**
 * The option `anchors` of `dnn_detect`: floats joined by `&`; mirrors the array option
 * of libavfilter/vf_dnn_detect.c.
 */
import { parseOptionNumber } from '../../base/option-table-values.ts';
import { sourceError, type SourceText } from '../../base/source-text.ts';
import { getToken } from '../../filtergraph/token.ts';

/** FLT_MIN and FLT_MAX, the range of an anchor. */
const [smallest, largest] = [1.1754943508222875e-38, 3.4028234663852886e38];

/**
 * Widths and heights in turn, as the user wrote them.
 *
 * @throws DnnError `EINVAL` for a part that is no number above 0, with its place
 */
export function parseAnchors(filter: SourceText, value: SourceText): number[] {
  const anchors: number[] = [];
  let index = 0;
  do {
    const token = getToken(value, index, '&');
    const anchor = parseOptionNumber(token.value.text);
    if (anchor === undefined || !(anchor >= smallest && anchor <= largest)) {
      throw sourceError(
        'EINVAL',
        `'${token.value.text}' in option 'anchors' of ${filter.text} is no anchor: write numbers above 0 joined by '&', a width and a height of each box in turn`,
        value,
        index,
        { filter: filter.text, option: 'anchors' },
      );
    }
    anchors.push(anchor);
    index = token.end + 1;
  } while (index < value.text.length);
  return anchors;
}
