/**
 * The filter chain of live video: which of its filters run here, and in which
 * pixel format frames go through it.
 */
import type { Logger } from '../../base/log.ts';
import { sourceError, sourceText } from '../../base/source-text.ts';
import { filterText, type FilterNode } from '../../filtergraph/filtergraph.ts';
import { formatNames } from '../../filtergraph/format-names.ts';
import { parseSimpleFilterchain } from '../../filtergraph/parse-filtergraph.ts';
import { liveDnnKind } from './live-dnn-filter.ts';
import { liveDrawKind } from './live-draw-filter.ts';
import type { ParsedLiveFilter } from './live-filter.ts';

const kinds = [liveDnnKind, liveDrawKind];

export interface LivePlan {
  /** In the order in which a frame passes them. */
  readonly filters: readonly ParsedLiveFilter[];
  /** The formats of `format=` filters, each with the number of filters before it. */
  readonly formats: readonly {
    readonly index: number;
    readonly names: readonly string[];
    readonly node: FilterNode;
  }[];
}

/**
 * Reads options only. `format=` and `null` are understood; live video has no ffmpeg,
 * so any other filter is refused.
 *
 * @throws DnnError `EINVAL` for a wrong text or option, `ENOSYS` for a filter that does
 * not run here; with the position.
 */
export function planLiveChain(text: string, log: Logger): LivePlan {
  const graph = parseSimpleFilterchain(text);
  const [chain, second] = graph.chains;
  if (second !== undefined) {
    const position = second.filters[0]!.bodyStart;
    throw sourceError(
      'ENOSYS',
      'live video runs one chain of filters, joined by commas',
      sourceText(text),
      position,
    );
  }
  const filters: ParsedLiveFilter[] = [];
  const formats: LivePlan['formats'][number][] = [];
  for (const node of chain!.filters) {
    const name = node.name.text;
    if (name === 'null') continue;
    if (name === 'format') {
      formats.push({ index: filters.length, names: formatNames(node), node });
      continue;
    }
    const kind = kinds.find((candidate) => candidate.recognises(node)) ?? refuse(node);
    filters.push(kind.parse(filterText(graph, node), node, log));
  }
  return { filters, formats };
}

function refuse({ name }: FilterNode): never {
  const canDraw = name.text === 'drawbox' || name.text === 'drawtext';
  const source = `${name.text === 'drawbox' ? 'box' : 'text'}_source=side_data_detection_bboxes`;
  const instead = canDraw
    ? `${name.text} runs here with ${source} alone`
    : 'the DNN filters, format, and drawbox and drawtext of detections run here; leave it out, or process the file instead';
  throw sourceError('ENOSYS', `${name.text}: live video has no ffmpeg: ${instead}`, name, 0, {
    filter: name.text,
  });
}
