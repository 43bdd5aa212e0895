/** Refuses options of this project for a command that has nothing they could tell of. Pure. */
import { DnnError } from '../../base/errors.ts';
import type { Command } from './command.ts';

/** @throws DnnError `EINVAL` for `-dnn_detections` where nothing is detected. */
export function requireDetection({ dnnDetections }: Command, detects: boolean): void {
  if (dnnDetections === undefined || detects) return;
  throw new DnnError(
    'EINVAL',
    `-dnn_detections ${dnnDetections}: no filter of the command detects anything; put dnn_detect into the chain, or leave the option out.`,
    { option: 'dnn_detections' },
  );
}

/** @throws DnnError `EINVAL` where there is a reason why a command without stages is not run at all. */
export function requireTrial(refusal: string | undefined): void {
  if (refusal !== undefined) throw new DnnError('EINVAL', refusal);
}

/**
 * For a command without a DNN filter.
 *
 * @param refusal why such a command is not run at all, where it is not.
 * @throws DnnError `EINVAL` for what only a job with a DNN filter has.
 */
export function requireDnn({ dnnTimeline }: Command, refusal: string | undefined): void {
  requireTrial(refusal);
  if (dnnTimeline === undefined) return;
  throw new DnnError(
    'EINVAL',
    `-dnn_timeline ${dnnTimeline}: the command has no DNN filter, so it has no stages; leave the option out.`,
    { option: 'dnn_timeline' },
  );
}
