/** Those of ffmpeg's filters around DNN filters that are carried out without ffmpeg. Pure. */
import { filtersOf, filterText } from '../../filtergraph/filtergraph.ts';
import { formatNames } from '../../filtergraph/format-names.ts';
import { parseSimpleFilterchain } from '../../filtergraph/parse-filtergraph.ts';
import { isPixelFormat, type PixelFormat } from '../../frame/pixel-format.ts';
import { partOf, type CutFilterchain } from './plan-filterchain.ts';
import { scaleStep, type ScaleStep } from './scale-step.ts';
import { headersMissing } from './without-headers.ts';

/** `format=…`: the first of these that a frame can have. */
export interface FormatStep {
  readonly kind: 'format';
  readonly text: string;
  readonly formats: readonly PixelFormat[];
}

export type ConversionStep = FormatStep | ScaleStep;

/**
 * The filters of one part of a chain, in the order of the frames.
 *
 * @param index as of {@link CutFilterchain.parts}.
 * @throws DnnError `ENOSYS` for any other filter or option, with the headers; `EINVAL` for a size that does
 *   not parse.
 */
export function conversionSteps(chain: CutFilterchain, index: number): readonly ConversionStep[] {
  const text = partOf(chain, index);
  if (chain.swsFlags !== undefined) throw headersMissing(`${chain.swsFlags} is for ffmpeg's scaler`);
  if (text === '') return [];
  const graph = parseSimpleFilterchain(text);
  return filtersOf(graph).flatMap((node): ConversionStep[] => {
    const words = filterText(graph, node);
    if (node.name.text === 'null') return [];
    if (node.name.text === 'scale') return [scaleStep(node, words)];
    if (node.name.text !== 'format') throw headersMissing(`${words} is a filter of ffmpeg`);
    return [{ kind: 'format', text: words, formats: formatNames(node).filter(isPixelFormat) }];
  });
}
