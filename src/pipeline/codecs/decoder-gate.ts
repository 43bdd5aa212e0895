/**
 * Whether a decoder of the browser gives what ffmpeg gives, by facts of its first packet and its first frame;
 * never by the browser's word. Pure.
 */
import { adler32 } from '../../base/adler32.ts';
import type { DecodedFrame } from '../../codecs/codec-contract.ts';
import type { StreamFacts } from '../../codecs/bitstream/stream-facts.ts';
import type { PlannedFrames } from '../planning/planned-frames.ts';
import { DecoderFailure } from './decoder-failure.ts';

/** @throws DecoderFailure where such a stream is not decoded alike, or not from its first packet on. */
export function checkStream(facts: StreamFacts, decoded: PlannedFrames): void {
  checkStart(facts);
  const { pixelFormat, width, height } = facts;
  const given = `${pixelFormat ?? 'an unknown format'} ${width}x${height}`;
  const expected = `${decoded.pixelFormat} ${decoded.width}x${decoded.height}`;
  if (given !== expected)
    throw new DecoderFailure(`its headers say ${given} where ffmpeg decodes ${expected}`);
}

/** @throws DecoderFailure where browsers give other pictures than ffmpeg, or none, of such a first packet. */
export function checkStart({ codec, crop, isRandomAccess }: StreamFacts): void {
  if (!isRandomAccess)
    throw new DecoderFailure(`its ${codec} does not begin with a picture that needs no other`);
  if (crop.left > 0 || crop.top > 0) {
    throw new DecoderFailure(
      `its pictures are cut by ${crop.left} columns at the left and ${crop.top} rows at the top`,
    );
  }
}

/** @throws DecoderFailure where a frame is of another kind than all that ffmpeg decodes. */
export function checkShape(
  frame: DecodedFrame,
  expected: Pick<PlannedFrames, 'pixelFormat' | 'width' | 'height'>,
): void {
  const { pixelFormat, width, height } = expected;
  if (frame.format === pixelFormat && frame.width === width && frame.height === height) return;
  throw new DecoderFailure(
    `the browser gives frames of ${frame.format} ${frame.width}x${frame.height} where ffmpeg gives ` +
      `${pixelFormat} ${width}x${height}`,
  );
}

/**
 * @param checksum of ffmpeg's first frame; undefined where the frame is not as it was decoded.
 * @throws DecoderFailure where the first frame has another time or other samples than ffmpeg's.
 */
export function checkFirst(
  { pts, buffer }: Pick<DecodedFrame, 'pts' | 'buffer'>,
  firstPts: number,
  checksum: number | undefined,
): void {
  if (pts !== firstPts) {
    throw new DecoderFailure(`the browser's first frame has pts ${pts} where ffmpeg's has ${firstPts}`);
  }
  if (checksum === undefined || adler32(new Uint8Array(buffer), 0) === checksum) return;
  throw new DecoderFailure("the browser's first frame has other samples than ffmpeg's");
}
