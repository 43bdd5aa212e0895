/** A decoder of the browser is given up: ffmpeg decodes instead, from the start or from there on. */
import { errorMessage } from '../../base/errors.ts';

/** Its message is the reason, without a full stop. */
export class DecoderFailure extends Error {}

/** Whatever stops a decoder, as such a failure. */
export function decoderFailure(error: unknown): DecoderFailure {
  if (error instanceof DecoderFailure) return error;
  return new DecoderFailure(errorMessage(error).replace(/\.$/, ''), { cause: error });
}
