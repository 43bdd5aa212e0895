/** Encoders of ffmpeg.wasm that never give a frame are refused before anything starts. Pure. */
import { DnnError } from '../../base/errors.ts';
import { lastValue, type Command, type FileGroup } from './command.ts';
import { videoCodecs } from './video-codecs.ts';

/**
 * What makes ffmpeg choose libx265: its own name and its codec's, and the formats whose default it is
 * (libavformat/rawenc.c · ff_hevc_muxer).
 */
const x265Names: ReadonlySet<string> = new Set(['libx265', 'hevc']);
const hevcExtensions = /\.(hevc|h265|265)$/i;

const reason =
  "x265 needs threads, which ffmpeg.wasm's core does not have, and waits for them for ever: " +
  'write `-c:v libx264`, or for smaller files `-c:v vp9_webcodecs`, or `-c:v hevc_webcodecs` where the browser has it';

/**
 * @throws DnnError `ENOSYS` where an output asks for x265, by `-c:v` or as the default of its format; the
 * words that copy HEVC are fine
 */
export function refuseEncoders({ outputs }: Command): void {
  for (const output of outputs) {
    if (lastValue(output.options, 'vn') === '1') continue;
    const codecs = videoCodecs(output);
    const named = codecs.find(({ value }) => x265Names.has(value));
    if (named !== undefined) {
      throw new DnnError(
        'ENOSYS',
        `${named.words.join(' ')} (word ${named.position + 1} of the command line): ${reason}.`,
        { option: named.name, position: named.position },
      );
    }
    if (codecs.length === 0 && hasHevcFormat(output)) {
      const message = `${output.url}: the default encoder of its format is libx265. ${reason}.`;
      throw new DnnError('ENOSYS', message, { path: output.url, position: output.position });
    }
  }
}

function hasHevcFormat({ options, url }: FileGroup): boolean {
  const format = lastValue(options, 'f');
  return format === undefined ? hevcExtensions.test(url) : format === 'hevc';
}
