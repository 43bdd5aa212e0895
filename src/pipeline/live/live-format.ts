/**
 * In which pixel format frames go through a live chain: chosen once for all of its filters,
 * so that they are converted once.
 */
import { DnnError } from '../../base/errors.ts';
import { sourceError } from '../../base/source-text.ts';
import type { FilterNode } from '../../filtergraph/filtergraph.ts';
import { isFilterFormat, isPlanarYuv, type PixelFormat } from '../../frame/pixel-format.ts';
import type { LocalFilter } from '../planning/local-filter.ts';

/** `yuv` stands for the YUV format that frames come in: networks run on their luma. */
export type LiveFormat = 'yuv' | 'rgb24' | 'bgr24' | 'gray';

export interface ChosenFormat {
  /** `source` where all filters take both: YUV where frames come in it, else RGB. */
  readonly format: LiveFormat | 'source';
  /** Whether all filters take nv12, which most cameras give; else its chroma is split. */
  readonly takesNv12: boolean;
}

/** A `format=` filter. */
export interface FormatWish {
  /** Number of filters before it. */
  readonly index: number;
  readonly names: readonly string[];
  readonly node: FilterNode;
}

/** The first ones are converted to with the least work. */
const preferred: readonly LiveFormat[] = ['yuv', 'rgb24', 'bgr24', 'gray'];

/**
 * @throws DnnError `ENOSYS` where no one format suits all filters; a `format=`
 * behind the last one suits anyway.
 */
export function chooseLiveFormat(
  filters: readonly Pick<LocalFilter, 'text' | 'takes'>[],
  wishes: readonly FormatWish[],
): ChosenFormat {
  let formats = preferred;
  for (const filter of filters) {
    const left = formats.filter((format) => filter.takes(pixelFormatOf(format)));
    if (left.length === 0) {
      throw new DnnError(
        'ENOSYS',
        `${filter.text}: takes none of the pixel formats that the filters before it take (${formats.join(', ')}): live ` +
          'video keeps one along the chain; use models of RGB or models of luma in it, not both',
        { filter: filter.text },
      );
    }
    formats = left;
  }
  for (const { index, names, node } of wishes) {
    if (index === filters.length && filters.length > 0) continue;
    const left = formats.filter((format) => names.some((name) => standsFor(name, format)));
    if (left.length === 0) {
      throw sourceError(
        'ENOSYS',
        `format=${names.join('|')}: the filters of this chain run on ${formats.join(' or ')} in live video, which keeps ` +
          'one pixel format along the chain; leave the filter out',
        node.name,
        0,
        { filter: 'format' },
      );
    }
    formats = left;
  }
  const isEither = formats.includes('yuv') && formats.includes('rgb24');
  return {
    format: isEither ? 'source' : formats[0]!,
    takesNv12: filters.every((filter) => filter.takes('nv12')),
  };
}

function pixelFormatOf(format: LiveFormat): PixelFormat {
  return format === 'yuv' ? 'yuv420p' : format;
}

function standsFor(name: string, format: LiveFormat): boolean {
  if (format !== 'yuv') return name === format;
  return isFilterFormat(name) && isPlanarYuv(name);
}
