/** What ffmpeg's lists lack of the browser's codecs: lines behind those of `-encoders` and `-hwaccels`. */
import type { AssetUrls } from '../../../workers/asset-urls.ts';
import type { Command } from '../../command/command.ts';
import { encoderDescriptions } from '../../command/webcodecs/encoder-help.ts';
import { probedCodecs } from './probed-codecs.ts';

/**
 * Mirrors fftools/cmdutils.c · print_codecs and ffmpeg_opt.c · show_hwaccels.
 *
 * @returns none where the command prints neither of these lists.
 */
export async function codecLines({ global }: Command, assets: AssetUrls): Promise<readonly string[]> {
  const lists = global.map(({ name }) => name).filter((name) => name === 'encoders' || name === 'hwaccels');
  if (lists.length === 0) return [];
  const { encoders, decoders } = await probedCodecs(assets);
  if (lists[0] === 'hwaccels') return decoders.some(isUsed) ? ['webcodecs'] : [];
  return encoders
    .filter(isUsed)
    .map(({ name, codec }) => ` V..... ${name.padEnd(20)} ${encoderDescriptions[codec]} (codec ${codec})`);
}

const isUsed = ({ pixelFormats }: { readonly pixelFormats: readonly string[] }): boolean =>
  pixelFormats.length > 0;
