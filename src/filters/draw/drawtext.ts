/** The filter `drawtext=text_source=side_data_detection_bboxes`; mirrors libavfilter/vf_drawtext.c. */
import type { Logger } from '../../base/log.ts';
import { intMax, type OptionTable, type StringOption } from '../../base/option-table.ts';
import { parseOptionNumber } from '../../base/option-table-values.ts';
import { sourceText } from '../../base/source-text.ts';
import type { FilterNode } from '../../filtergraph/filtergraph.ts';
import type { Confidence, DetectionBBox } from '../../frame/detection-bboxes.ts';
import type { Frame } from '../../frame/frame.ts';
import { pixelFormats } from '../../frame/pixel-format.ts';
import { parseOwnOptions } from '../parse-own-options.ts';
import { parseColor, type Color } from './color.ts';
import { drawText, type TextStyle } from './draw-text.ts';
import type { DrawingFilter } from './drawing-filter.ts';

const name = 'drawtext';

const withoutEffect = 'no effect where detections are drawn';

function ignored<const Name extends string>(option: Name): StringOption & { readonly name: Name } {
  return { name: option, type: 'string', help: withoutEffect };
}

/**
 * In FFmpeg's order, so that values without a name go to the same options; `confidence` is this project's.
 */
const options = [
  ignored('fontfile'),
  ignored('text'),
  ignored('textfile'),
  { name: 'fontcolor', type: 'string', default: 'black', help: 'set foreground color' },
  ignored('fontcolor_expr'),
  { name: 'boxcolor', type: 'string', default: 'white', help: 'set box color' },
  ignored('bordercolor'),
  ignored('shadowcolor'),
  { name: 'box', type: 'bool', default: false, help: 'set box' },
  { name: 'boxborderw', type: 'int', default: 0, min: -intMax, max: intMax, help: 'set box border width' },
  ignored('line_spacing'),
  { name: 'fontsize', type: 'int', default: 16, min: 0, max: intMax, help: 'set font size' },
  { name: 'x', type: 'string', default: '0', help: 'pixels to the right of the left edge of the detection' },
  { name: 'y', type: 'string', default: '0', help: 'pixels below the place over the detection' },
  ignored('shadowx'),
  ignored('shadowy'),
  ignored('borderw'),
  ignored('tabsize'),
  ignored('basetime'),
  ignored('font'),
  ignored('expansion'),
  ignored('timecode'),
  ignored('tc24hmax'),
  {
    ...ignored('timecode_rate'),
    aliases: [
      { name: 'r', help: withoutEffect },
      { name: 'rate', help: withoutEffect },
    ],
  },
  ignored('reload'),
  {
    name: 'alpha',
    type: 'float',
    default: 1,
    min: -intMax,
    max: intMax,
    help: 'apply alpha while rendering',
  },
  { name: 'fix_bounds', type: 'bool', default: false, help: 'check and fix text coords to avoid clipping' },
  ignored('start_number'),
  { name: 'text_source', type: 'string', help: 'the source of text' },
  ignored('text_shaping'),
  ignored('ft_load_flags'),
  {
    name: 'confidence',
    type: 'bool',
    default: false,
    help: 'write the confidence behind each label',
    byNameOnly: true,
  },
] as const satisfies OptionTable;

export const drawtext: DrawingFilter = {
  name,
  description: 'Draw the labels of detections on top of video frames, in a font of its own.',
  options,
  sourceOption: 'text_source',
  pixelFormats,
  parse,
};

function parse(node: FilterNode, log: Logger): (frame: Frame) => void {
  const { values, given } = parseOwnOptions(options, node, log);
  for (const { name: option, help } of options) {
    if (help === withoutEffect && given.has(option))
      log('warning', `Option '${option}' of ${name} has ${help}`);
  }
  const color = (option: 'fontcolor' | 'boxcolor'): Color =>
    fade(parseColor(given.get(option)?.value ?? sourceText(values[option]), name, option), values.alpha);
  const style: TextStyle = {
    fontsize: Math.max(1, values.fontsize),
    fontcolor: color('fontcolor'),
    boxcolor: values.box ? color('boxcolor') : undefined,
    boxborderw: values.boxborderw,
    fixBounds: values.fix_bounds,
  };
  const offset = (option: 'x' | 'y'): number => {
    const pixels = parseOptionNumber(values[option]);
    if (pixels !== undefined) return Math.trunc(pixels);
    log(
      'warning',
      `${option}=${values[option]} of ${name} has ${withoutEffect}: only a number moves the text`,
    );
    return 0;
  };
  const x = offset('x');
  const y = offset('y') - style.fontsize;
  return (frame) => {
    for (const bbox of frame.detections?.bboxes ?? []) {
      drawText(frame, labelText(bbox, values.confidence), bbox.x + x, bbox.y + y, style);
    }
  };
}

/** update_alpha and update_color_with_alpha: the option makes the colour's own alpha less. */
function fade(color: Color, alpha: number): Color {
  const share = alpha >= 1 ? 255 : Math.trunc(256 * Math.max(alpha, 0));
  return [color[0], color[1], color[2], Math.trunc((color[3] * share) / 255)];
}

function labelText(
  { detectLabel, detectConfidence, classifications }: DetectionBBox,
  confidence: boolean,
): string {
  const labels = [{ label: detectLabel, confidence: detectConfidence }, ...classifications];
  return labels
    .map((entry) => (confidence ? `${entry.label} ${decimals(entry.confidence)}` : entry.label))
    .join(', ');
}

function decimals({ num, den }: Confidence): string {
  return (num / den).toFixed(2);
}
