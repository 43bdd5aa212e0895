/** The filter `drawbox=box_source=side_data_detection_bboxes`; mirrors libavfilter/vf_drawbox.c. */
import type { Logger } from '../../base/log.ts';
import type { OptionTable } from '../../base/option-table.ts';
import { parseOptionNumber } from '../../base/option-table-values.ts';
import { sourceError, sourceText, type SourceText } from '../../base/source-text.ts';
import type { FilterNode } from '../../filtergraph/filtergraph.ts';
import type { Frame } from '../../frame/frame.ts';
import { pixelFormats } from '../../frame/pixel-format.ts';
import { parseOwnOptions } from '../parse-own-options.ts';
import { parseColor } from './color.ts';
import { drawRegion } from './draw-region.ts';
import type { DrawingFilter } from './drawing-filter.ts';

const name = 'drawbox';

const ofTheDetection = 'no effect: the box is that of the detection';

/** In FFmpeg's order, so that values without a name go to the same options. */
const options = [
  { name: 'x', type: 'string', help: ofTheDetection },
  { name: 'y', type: 'string', help: ofTheDetection },
  { name: 'width', type: 'string', help: ofTheDetection, aliases: [{ name: 'w', help: ofTheDetection }] },
  { name: 'height', type: 'string', help: ofTheDetection, aliases: [{ name: 'h', help: ofTheDetection }] },
  {
    name: 'color',
    type: 'string',
    default: 'black',
    help: 'set color of the box, or invert',
    aliases: [{ name: 'c', help: 'set color of the box, or invert' }],
  },
  {
    name: 'thickness',
    type: 'string',
    default: '3',
    help: 'set the box thickness in pixels, or fill',
    aliases: [{ name: 't', help: 'set the box thickness in pixels, or fill' }],
  },
  {
    name: 'replace',
    type: 'bool',
    default: false,
    help: 'no effect: it speaks of frames with an alpha plane',
  },
  { name: 'box_source', type: 'string', help: 'use datas from bounding box in side data' },
] as const satisfies OptionTable;

export const drawbox: DrawingFilter = {
  name,
  description: 'Draw a colored box on the input video.',
  options,
  sourceOption: 'box_source',
  pixelFormats,
  parse,
};

function parse(node: FilterNode, log: Logger): (frame: Frame) => void {
  const { values, given } = parseOwnOptions(options, node, log);
  const textOf = (option: 'color' | 'thickness'): SourceText =>
    given.get(option)?.value ?? sourceText(values[option]);
  const paint = values.color === 'invert' ? values.color : parseColor(textOf('color'), name, 'color');
  const thickness = parseThickness(textOf('thickness'));
  return (frame) => {
    for (const bbox of frame.detections?.bboxes ?? []) drawRegion(frame, bbox, thickness, paint);
  };
}

/** FFmpeg takes an expression here, cuts its fraction off, and knows `fill` as the largest thickness. */
function parseThickness(value: SourceText): number {
  const thickness = value.text === 'fill' ? Infinity : parseOptionNumber(value.text);
  if (thickness === undefined) {
    throw sourceError(
      'EINVAL',
      `Unable to parse thickness '${value.text}' of ${name}: write a number of pixels, or fill (expressions are not read here)`,
      value,
      0,
      { filter: name, option: 'thickness' },
    );
  }
  return Math.trunc(thickness);
}
