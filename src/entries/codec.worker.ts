/** Entry of a codec worker: a decoder or an encoder of the browser at work. */
import type { DecodeResult, EncodeResult } from '../codecs/codec-contract.ts';
import { DecoderSession } from '../codecs/decoder-session.ts';
import { EncoderSession } from '../codecs/encoder/encoder-session.ts';
import { KernelSource } from '../codecs/kernel-source.ts';
import { probeDecoder } from '../codecs/probe/decoder-probe.ts';
import { probeEncoder } from '../codecs/probe/encoder-probe.ts';
import type { CodecApi } from '../workers/codec-api.ts';
import { exposeForLife } from '../workers/expose-worker.ts';
import { transferred } from '../workers/proxied.ts';

const kernels = new KernelSource();
const decoder = new DecoderSession(kernels);
const encoder = new EncoderSession(kernels);

const api: CodecApi = {
  fetchKernels: (url) => kernels.fetch(url),
  beginDecoding: (setup) => decoder.beginDecoding(setup),
  decode: async (packets, buffers) => handedOver(await decoder.decode(packets, buffers)),
  finishDecoding: async (buffers) => handedOver(await decoder.finishDecoding(buffers)),
  closeDecoder: () => decoder.closeDecoder(),
  beginEncoding: (setup) => encoder.beginEncoding(setup),
  encode: async (frames) => encoded(await encoder.encode(frames)),
  finishEncoding: async () => encoded(await encoder.finishEncoding()),
  closeEncoder: () => encoder.closeEncoder(),
  probeEncoder,
  probeDecoder,
};

/** With its buffers, which are not copied. */
function handedOver(result: DecodeResult): DecodeResult {
  return transferred(result, [...result.frames.map(({ buffer }) => buffer), ...result.buffers]);
}

/** Likewise. */
function encoded(result: EncodeResult): EncodeResult {
  return transferred(result, [...result.packets.map(({ data }) => data), ...result.buffers]);
}

exposeForLife(api);
