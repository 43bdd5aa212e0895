/** What a codec worker offers; imported by both sides, imports no code. */
import type { DecoderApi } from '../codecs/codec-contract.ts';

/** One worker for one decoder at a time. */
export type CodecApi = DecoderApi;
