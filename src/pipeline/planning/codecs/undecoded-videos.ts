/**
 * Videos that stock ffmpeg.wasm demuxes and cannot decode, so that the browser's decoder has to: AV1. Pure.
 */
import { DnnError } from '../../../base/errors.ts';
import type { Command } from '../../command/command.ts';
import type { Plan } from '../../command/plan.ts';
import type { StreamPictures } from '../color/stream-pictures.ts';
import type { Planning, StreamSource } from '../planning-log.ts';
import { mappedVideos } from '../video-mapping.ts';
import { decoderOnlyOption } from './input-options.ts';

/** Codecs that the core knows by name alone. */
export const undecodedCodec = 'av1';

/**
 * The streams of a command that are to be decoded, and that ffmpeg cannot decode.
 *
 * @param planning of a run that fails because of them, behind its list of streams.
 * @throws DnnError `ENOSYS`, `EINVAL` where the browser cannot take ffmpeg's place, with what to write.
 */
export function undecodedVideos(
  plan: Plan,
  planning: Planning,
  pictures: Pick<StreamPictures, 'inputs'>,
): StreamSource[] {
  const isUndecoded = ({ file, stream }: StreamSource): boolean =>
    pictures.inputs.get(`${file}:${stream}`)?.codec === undecodedCodec;
  for (const { source } of planning.graphInputs) {
    if (isUndecoded(source))
      throw refusal(plan, source, 'a complex filtergraph reads it: put the filters into -vf');
  }
  const found = plan.command.outputs.flatMap((_, index) => {
    const videos = mappedVideos(planning, index).filter(({ kind }) => kind === 'encode');
    const [source, ...others] = videos.flatMap(({ source }) => source ?? []).filter(isUndecoded);
    if (source === undefined) return [];
    requireDecoder(plan, source, index, videos.length + others.length === 1);
    return [source];
  });
  const key = ({ file, stream }: StreamSource): string => `${file}:${stream}`;
  return [...new Map(found.map((source) => [key(source), source])).values()];
}

function requireDecoder(plan: Plan, source: StreamSource, outputIndex: number, isOnly: boolean): void {
  const input = plan.command.inputs[source.file]!;
  const { url } = plan.command.outputs[outputIndex]!;
  if (input.hwaccel === 'none') throw refusal(plan, source, 'leave -hwaccel none out');
  const option = decoderOnlyOption(input, undecodedCodec);
  if (option !== undefined) throw refusal(plan, source, `${option}: leave it out`);
  if (!isOnly)
    throw refusal(plan, source, `${url} gets more than one video: write each video to a file of its own`);
  if (plan.chains.every((chain) => chain.outputIndex !== outputIndex))
    throw refusal(
      plan,
      source,
      `the filters of ${url} do not begin with one that has a single input: put null, before them`,
    );
}

function refusal({ command }: Plan, { file }: StreamSource, what: string): DnnError {
  return new DnnError('ENOSYS', `${undecodedWords(command, file)}; ${what}.`, { file });
}

/**
 * The browser cannot decode it either.
 *
 * @param file number of the input.
 * @param reason in words, without a full stop.
 */
export function undecodedError(command: Command, file: number, reason: string, cause?: unknown): DnnError {
  return new DnnError(
    cause instanceof DnnError ? cause.code : 'ENOSYS',
    `${undecodedWords(command, file)}; this time it does not: ${reason}. Make H.264 or VP9 of the video elsewhere.`,
    { file },
    { cause },
  );
}

/** That the browser decodes an input, without a full stop. */
export function undecodedWords({ inputs }: Command, file: number): string {
  const { url } = inputs[file]!;
  return `Input ${file} (${url}) has AV1 video, which ffmpeg.wasm cannot decode and the browser's decoder decodes in its place`;
}
