/** What DNN filters on whole files need of a page, and what runs without it. Pure. */
import { DnnError, type DnnErrorDetails } from '../../base/errors.ts';

/** Stands behind the name of an output in lines that say what a job without ffmpeg does not keep. */
export const madeWithoutFFmpeg = 'is made without ffmpeg';

/**
 * The error that names the two response headers.
 * @param reason why this command does not run without them, as a clause.
 */
export function headersMissing(reason: string, details: DnnErrorDetails = {}): DnnError {
  return new DnnError(
    'ENOSYS',
    'DNN filters on whole files need a cross-origin isolated page: serve it over https or from localhost with the ' +
      'response headers "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp". ' +
      'Without them run commands without DNN filters, and one video from MP4, MOV, MKV, WebM or MPEG-TS with -vf and an ' +
      `encoder of the browser into MP4, MOV, MKV or WebM; not this command: ${reason}.`,
    details,
  );
}
