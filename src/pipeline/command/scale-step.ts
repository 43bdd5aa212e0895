/**
 * `scale=…` where no ffmpeg carries it out: the size that it asks for; mirrors
 * libavfilter/scale_eval.c. Pure.
 */
import { DnnError } from '../../base/errors.ts';
import { parseExpression, type Expression } from '../../base/expression.ts';
import { sourceText, type SourceText } from '../../base/source-text.ts';
import { parseFilterOptions } from '../../filtergraph/filter-options.ts';
import type { FilterNode } from '../../filtergraph/filtergraph.ts';
import type { Rational } from '../../media/nut/nut-stream.ts';
import { headersMissing } from './without-headers.ts';

interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** `scale=…`: frames of another size. */
export interface ScaleStep {
  readonly kind: 'scale';
  readonly text: string;
  /**
   * Frames behind it. @param aspect of the pixels of the frames before it; 0/1 where that is not known.
   * @throws DnnError `EINVAL` where that is no size.
   */
  sizeOf(before: PictureSize, aspect: Rational): PictureSize;
}

/** FFmpeg's names of the options, as many as are known here. */
const optionNames: ReadonlyMap<string, 'width' | 'height' | 'size' | 'flags'> = new Map([
  ['w', 'width'],
  ['width', 'width'],
  ['h', 'height'],
  ['height', 'height'],
  ['s', 'size'],
  ['size', 'size'],
  ['flags', 'flags'],
]);

/** Names in expressions, and in which order their values are given. */
const variables = ['iw', 'in_w', 'ih', 'in_h', 'ow', 'out_w', 'oh', 'out_h', 'a', 'sar', 'dar'];

/**
 * @param node of a `scale` filter.
 * @param text the same as the user wrote it.
 * @throws DnnError `ENOSYS` with the headers for an option that is not carried out here; `EINVAL` with the
 *   position for an expression that does not parse.
 */
export function scaleStep(node: FilterNode, text: string): ScaleStep {
  const { width, height } = sizeWords(node, text);
  const details = { filter: 'scale' };
  const across = parseExpression(width, variables, { ...details, option: 'w' });
  const down = parseExpression(height, variables, { ...details, option: 'h' });
  return {
    kind: 'scale',
    text,
    sizeOf: (before, aspect) => {
      const size = keepAspect(evaluated(across, down, before, aspect), before);
      if (size.width >= 1 && size.height >= 1) return size;
      throw new DnnError(
        'EINVAL',
        `${text} makes ${size.width}x${size.height} of frames of ${before.width}x${before.height}: give a size of at least 1x1.`,
        details,
      );
    },
  };
}

function sizeWords(node: FilterNode, text: string): { width: SourceText; height: SourceText } {
  const values = new Map<string, SourceText>();
  const unnamed = ['width', 'height', 'flags'];
  for (const { key, value } of node.args === undefined ? [] : parseFilterOptions(node.args)) {
    const name = key === undefined ? unnamed.shift() : optionNames.get(key.text);
    if (name === undefined) throw refuse(text, `${key?.text ?? value.text} of it is an option of ffmpeg`);
    values.set(name, value);
  }
  const flags = values.get('flags')?.text;
  if (flags !== undefined && flags !== 'bicubic') throw refuse(text, `flags=${flags} asks ffmpeg's scaler`);
  // A single value without a name is a size, as in `scale=640x360` (vf_scale.c · init_dict).
  const size = values.get('size') ?? (values.has('height') ? undefined : values.get('width'));
  if (size === undefined)
    return {
      width: values.get('width') ?? sourceText('iw'),
      height: values.get('height') ?? sourceText('ih'),
    };
  const sides = /^(\d+)x(\d+)$/.exec(size.text);
  if (sides === null) throw refuse(text, `${size.text} alone is no size that is known here; write scale=W:H`);
  return { width: sourceText(sides[1]!), height: sourceText(sides[2]!) };
}

function refuse(text: string, what: string): DnnError {
  return headersMissing(`${text}: ${what}`);
}

/** Sides as asked for, also below 0; 0 is the side before (scale_eval.c · ff_scale_eval_dimensions). */
function evaluated(across: Expression, down: Expression, before: PictureSize, aspect: Rational): PictureSize {
  const { width: iw, height: ih } = before;
  const sar = aspect.num === 0 ? 1 : aspect.num / aspect.den;
  const given = (ow: number, oh: number): readonly number[] => [
    iw,
    iw,
    ih,
    ih,
    ow,
    ow,
    oh,
    oh,
    iw / ih,
    sar,
    (iw / ih) * sar,
  ];
  const side = (value: number, same: number): number => {
    const whole = Math.trunc(value);
    return whole === 0 ? same : whole;
  };
  const first = side(across.evaluate(given(NaN, NaN)), iw);
  const height = side(down.evaluate(given(first, NaN)), ih);
  // Again, since the width may depend on the height.
  return { width: side(across.evaluate(given(first, height)), iw), height };
}

/**
 * A side below 0 follows from the other one, as a multiple of so many (scale_eval.c ·
 * ff_scale_adjust_dimensions).
 */
function keepAspect({ width, height }: PictureSize, before: PictureSize): PictureSize {
  if (width < 0 && height < 0) return { width: before.width, height: before.height };
  const multiple = (side: number, num: number, den: number, of: number): number =>
    Math.round((side * num) / (den * of)) * of;
  if (width < 0) return { width: multiple(height, before.width, before.height, -width), height };
  if (height < 0) return { width, height: multiple(width, before.height, before.width, -height) };
  return { width, height };
}
