/** The filters of a command that draw text with fonts (libavfilter's vf_subtitles.c, vf_drawtext.c). Pure. */
import { sourceText } from '../../base/source-text.ts';
import { drawsDetections } from '../../filters/filters.ts';
import { parseFilterOptions } from '../../filtergraph/filter-options.ts';
import { filtersOf, type FilterNode } from '../../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../../filtergraph/parse-filtergraph.ts';

/** `subtitles` or `ass`. */
export interface SubtitlesFilter {
  readonly name: 'subtitles' | 'ass';
  /** Names as the user wrote them, from the command's folder. */
  readonly file: string;
  readonly fontsdir: string | undefined;
  /** The family that `force_style` sets for every style. */
  readonly forcedFamily: string | undefined;
}

/** The text filters of one chain or graph. */
export interface TextFilters {
  readonly subtitles: readonly SubtitlesFilter[];
  /** Whether a `drawtext` of ffmpeg's has no `fontfile`. */
  readonly hasFontlessDrawtext: boolean;
}

const none: TextFilters = { subtitles: [], hasFontlessDrawtext: false };

/** Values by name; the first without a name is that of `first`, as FFmpeg's first option. */
function optionsOf({ args }: FilterNode, first: string): ReadonlyMap<string, string> {
  const options = parseFilterOptions(args ?? sourceText(''));
  const isNamed = options[0]?.key !== undefined;
  return new Map(
    options.map(({ key, value }, index) => [key?.text ?? (index === 0 && !isNamed ? first : ''), value.text]),
  );
}

/** @param text of a chain or a graph; of one that does not parse there are none. */
export function textFilters(text: string): TextFilters {
  let nodes: readonly FilterNode[];
  try {
    nodes = filtersOf(parseFiltergraph(text));
  } catch {
    return none;
  }
  const subtitles = nodes.flatMap((node): SubtitlesFilter[] => {
    const name = node.name.text;
    if (name !== 'subtitles' && name !== 'ass') return [];
    const options = optionsOf(node, 'filename');
    const file = options.get('filename') ?? options.get('f');
    if (file === undefined) return [];
    const [, forced] =
      /(?:^|,)\s*(?:Default\.)?FontName\s*=\s*([^,]*)/i.exec(options.get('force_style') ?? '') ?? [];
    return [{ name, file, fontsdir: options.get('fontsdir'), forcedFamily: forced?.trim() }];
  });
  const hasFontlessDrawtext = nodes.some(
    (node) =>
      node.name.text === 'drawtext' && !drawsDetections(node) && !optionsOf(node, 'fontfile').has('fontfile'),
  );
  return { subtitles, hasFontlessDrawtext };
}
