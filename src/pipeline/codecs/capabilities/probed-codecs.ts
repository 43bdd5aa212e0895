/**
 * What the browser's codecs really do: found out once, in workers of their own, since a codec may take its
 * worker with it, and kept per version of the browser.
 */
import { DnnError, errorMessage } from '../../../base/errors.ts';
import type { CodecCapability, CodecName, EncoderCapability } from '../../../codecs/codec-contract.ts';
import { keepValue, keptValue } from './kept-values.ts';
import type { AssetUrls } from '../../../workers/asset-urls.ts';
import type { CodecApi } from '../../../workers/codec-api.ts';
import type { Capabilities } from '../../../workers/pipeline-api.ts';
import { spawnCodecWorker } from '../../../workers/spawn.ts';
import type { RemoteApi } from '../../../workers/worker-client.ts';
import { browserVersion } from './browser-version.ts';

/** To be raised where the probes change: what was kept before them is found out anew. */
const probeVersion = 1;
/** A probe takes less than a second; one that takes so long hangs. */
const limitMs = 30_000;
const codecs: readonly CodecName[] = ['h264', 'hevc', 'vp8', 'vp9', 'av1'];

const encoders = new Map<CodecName, Promise<EncoderCapability>>();
const decoders = new Map<CodecName, Promise<CodecCapability>>();

/** Encoders and decoders are tried side by side, each of them one after another. Never rejects. */
export async function probedCodecs(assets: AssetUrls): Promise<Capabilities> {
  const inOrder = async <T>(probe: (assets: AssetUrls, codec: CodecName) => Promise<T>): Promise<T[]> => {
    const found = [];
    for (const codec of codecs) found.push(await probe(assets, codec));
    return found;
  };
  const [encoding, decoding] = await Promise.all([inOrder(probedEncoder), inOrder(probedDecoder)]);
  return { encoders: encoding, decoders: decoding };
}

/** What is behind `-c:v CODEC_webcodecs`. Never rejects. */
export function probedEncoder(assets: AssetUrls, codec: CodecName): Promise<EncoderCapability> {
  return once(encoders, codec, async () => {
    const ask = (api: RemoteApi<CodecApi>): Promise<EncoderCapability> => api.probeEncoder(codec);
    const found = await keptOrAsked(assets, `${codec} encoder probe`, ask);
    if ('pixelFormats' in found) return found;
    return { name: `${codec}_webcodecs`, codec, pixelFormats: [], rateControl: [], ...found };
  });
}

/** What is behind `-hwaccel webcodecs`. Never rejects. */
export function probedDecoder(assets: AssetUrls, codec: CodecName): Promise<CodecCapability> {
  return once(decoders, codec, async () => {
    const ask = (api: RemoteApi<CodecApi>): Promise<CodecCapability> => api.probeDecoder(codec);
    const found = await keptOrAsked(assets, `${codec} decoder probe`, ask);
    return 'pixelFormats' in found ? found : { codec, pixelFormats: [], ...found };
  });
}

function once<T>(known: Map<CodecName, Promise<T>>, codec: CodecName, find: () => Promise<T>): Promise<T> {
  const found = known.get(codec) ?? find();
  known.set(codec, found);
  return found;
}

/** @returns the reason where the worker dies or hangs, which is not kept: the next page tries again. */
async function keptOrAsked<T extends CodecCapability>(
  assets: AssetUrls,
  label: string,
  ask: (api: RemoteApi<CodecApi>) => Promise<T>,
): Promise<T | { readonly reason: string }> {
  const key = `${label} ${probeVersion}: ${await browserVersion()}`;
  const kept = await keptValue(key);
  // Only this function writes under the key.
  if (kept !== undefined) return kept as T;
  const failure = (what: string): DnnError => new DnnError('DNN_GENERIC_ERROR', `its worker ${what}`);
  const client = spawnCodecWorker(assets, label, failure);
  const limit = setTimeout(() => {
    client.giveUp(`hung: it has not answered for ${limitMs / 1000} s`);
  }, limitMs);
  try {
    const found = await client.call(ask);
    await keepValue(key, found);
    return found;
  } catch (error) {
    return { reason: errorMessage(error) };
  } finally {
    clearTimeout(limit);
    client.terminate();
  }
}
