/**
 * `-hwaccel` before an input: who decodes its video. FFmpeg's word for it (fftools/ffmpeg_opt.c ·
 * add_input_streams); what it names there are APIs of the system, here the browser's decoders. Pure.
 */
import { DnnError } from '../../base/errors.ts';

/**
 * `webcodecs`: the browser, and a line of the log where it cannot; `auto`: the same, but silent; `none`:
 * ffmpeg, as without the option.
 */
export type Hwaccel = 'webcodecs' | 'auto' | 'none';

/** An option as the user wrote it: command.ts. */
interface WrittenOption {
  readonly name: string;
  readonly specifier: string;
  readonly value: string;
  readonly words: readonly string[];
  readonly position: number;
}

const words: readonly Hwaccel[] = ['webcodecs', 'auto', 'none'];

/** Options of a decoder's device, of which the browser's has none to choose. */
const deviceOptions: ReadonlySet<string> = new Set(['hwaccel_device', 'hwaccel_output_format']);

/** Whether an option is read here, so that no ffmpeg sees it. */
export function isHwaccelOption(name: string): boolean {
  return name === 'hwaccel' || deviceOptions.has(name);
}

/**
 * @param option of which {@link isHwaccelOption} says so.
 * @throws DnnError `EINVAL` for any other word, a stream specifier that is not for all video, or a device.
 */
export function parseHwaccel({ name, specifier, value, position }: Omit<WrittenOption, 'words'>): Hwaccel {
  const refuse = (what: string): DnnError =>
    new DnnError('EINVAL', `${what} (word ${position + 1} of the command line).`, { option: name, position });
  if (deviceOptions.has(name)) {
    throw refuse(
      `-${name} ${value}: the browser chooses the device, and frames come in the video's own format: leave the option out`,
    );
  }
  if (!/^[vV]?$/.test(specifier)) {
    throw refuse(
      `-hwaccel:${specifier}: it holds for all video of an input: write -hwaccel ${value} before its -i`,
    );
  }
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  throw refuse(
    `-hwaccel ${value}: write webcodecs or auto to decode with the browser's decoders, or none to decode with ffmpeg`,
  );
}

/** @throws DnnError `EINVAL`: the option stands where no input follows. */
export function refuseOutputHwaccel({ words: written, position }: WrittenOption, url: string): never {
  throw new DnnError(
    'EINVAL',
    `${written.join(' ')} (word ${position + 1} of the command line) stands before the output ${url}: it is an option ` +
      'of inputs; write it before the -i that it is for.',
    { option: 'hwaccel', position },
  );
}

/** Whether the browser is asked to decode an input. */
export function asksForWebCodecs(hwaccel: Hwaccel | undefined): boolean {
  return hwaccel === 'webcodecs' || hwaccel === 'auto';
}

/** Whether the browser is asked to decode any input of a command. */
export function usesWebCodecs({
  inputs,
}: {
  readonly inputs: readonly { readonly hwaccel?: Hwaccel }[];
}): boolean {
  return inputs.some(({ hwaccel }) => asksForWebCodecs(hwaccel));
}
