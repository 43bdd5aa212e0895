/** Sizes that a network takes only in multiples: skip connections that halve and double again. */
import { DnnError } from '../../base/errors.ts';
import type { ModelOutput, VideoLink } from '../../filters/dnn-filter.ts';

/** A frame made larger for the model, and what the model makes of it. Sizes in pixels. */
export interface PaddedLinks {
  /** The least multiple that serves: 2^n. */
  readonly multiple: number;
  readonly input: VideoLink;
  readonly output: ModelOutput;
  /** What belongs to the frame itself, in the top left corner of the output. */
  readonly kept: ModelOutput;
}

/** Networks halve their frames up to seven times. */
const multiples = [2, 4, 8, 16, 32, 64, 128];

/**
 * The least multiple whose frames the network takes, where it does not take the frames of `link` themselves.
 *
 * @param result infers what the network makes of frames of a size; throws where its sizes contradict each
 *   other.
 * @returns undefined where the frames need no padding, where no multiple serves, or where the result is not
 *   a whole number of pixels for the frame itself.
 */
export function paddedLinks(
  link: VideoLink,
  result: (padded: VideoLink) => ModelOutput,
): PaddedLinks | undefined {
  if (resultOf(link, result) !== undefined) return undefined;
  for (const multiple of multiples) {
    const input = { ...link, width: roundUp(link.width, multiple), height: roundUp(link.height, multiple) };
    const output = resultOf(input, result);
    if (output === undefined) continue;
    const width = (link.width * output.width) / input.width;
    const height = (link.height * output.height) / input.height;
    if (!Number.isInteger(width) || !Number.isInteger(height) || width === 0 || height === 0)
      return undefined;
    return { multiple, input, output, kept: { ...output, width, height } };
  }
  return undefined;
}

function roundUp(size: number, multiple: number): number {
  return Math.ceil(size / multiple) * multiple;
}

/** @returns undefined where the sizes do not fit. */
function resultOf(link: VideoLink, result: (link: VideoLink) => ModelOutput): ModelOutput | undefined {
  try {
    return result(link);
  } catch (error) {
    if (isSizeConflict(error)) return undefined;
    throw error;
  }
}

/** True for what shape inference throws where a network contradicts itself at a size. */
function isSizeConflict(error: unknown): boolean {
  return error instanceof DnnError && error.code === 'EINVAL' && error.details['layer'] !== undefined;
}
