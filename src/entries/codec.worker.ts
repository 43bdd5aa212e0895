/** Entry of a codec worker: one decoder of the browser at work. */
import type { DecodeResult } from '../codecs/codec-contract.ts';
import { DecoderSession } from '../codecs/decoder-session.ts';
import type { CodecApi } from '../workers/codec-api.ts';
import { exposeForLife } from '../workers/expose-worker.ts';
import { transferred } from '../workers/proxied.ts';

const decoder = new DecoderSession();

const api: CodecApi = {
  beginDecoding: (setup) => decoder.beginDecoding(setup),
  decode: async (packets, buffers) => handedOver(await decoder.decode(packets, buffers)),
  finishDecoding: async (buffers) => handedOver(await decoder.finishDecoding(buffers)),
  closeDecoder: () => decoder.closeDecoder(),
};

/** With its buffers, which are not copied. */
function handedOver(result: DecodeResult): DecodeResult {
  return transferred(result, [...result.frames.map(({ buffer }) => buffer), ...result.buffers]);
}

exposeForLife(api);
