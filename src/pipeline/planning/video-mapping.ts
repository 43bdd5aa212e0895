/** Which stream of the inputs a `-vf` with DNN filters works on. */
import { DnnError } from '../../base/errors.ts';
import type { ChainPlan } from '../command/plan.ts';
import type { Planning, StreamMapping, StreamSource } from './planning-log.ts';

/** The video streams of the inputs that an output gets. */
export function mappedVideos({ outputs, inputs }: Planning, outputIndex: number): StreamMapping[] {
  return (outputs[outputIndex]?.mappings ?? []).filter(
    ({ kind, source }) =>
      kind !== 'file' &&
      source !== undefined &&
      inputs[source.file]?.streams.find(({ index }) => index === source.stream)?.type === 'Video',
  );
}

/**
 * The output's video stream that gets the DNN filters.
 * @throws DnnError where there is none, or more than one
 */
export function videoMapping(
  { filterSpecifier, outputIndex }: ChainPlan,
  planning: Planning,
): StreamMapping & { source: StreamSource } {
  const videos = mappedVideos(planning, outputIndex);
  const filtered = /:\d+$/.test(filterSpecifier) ? videos.slice(0, 1) : videos;
  const [mapping] = filtered;
  if (mapping?.source === undefined) {
    throw new DnnError('EINVAL', 'The output has no video stream that the DNN filter could work on.');
  }
  if (filtered.length > 1) {
    throw new DnnError(
      'ENOSYS',
      `The DNN filter would run on ${filtered.length} video streams of one output, which is not supported: ` +
        'map one video stream, or name it with -filter:v:0 and copy the others (-c:v:1 copy).',
    );
  }
  return { ...mapping, source: mapping.source };
}
