/** What a codec worker offers; imported by both sides, imports no code. */
import type { DecoderApi, EncoderApi, ProbeApi } from '../codecs/codec-contract.ts';

/** One worker for one decoder, or one encoder, at a time. */
export interface CodecApi extends DecoderApi, EncoderApi, ProbeApi {
  /** Told first: where the kernels are that convert frames. Streams that need them wait for them. */
  fetchKernels(url: string): Promise<void>;
}
