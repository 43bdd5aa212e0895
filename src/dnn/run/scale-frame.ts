/**
 * Scales a whole frame: for a network that keeps the size, and for frames that pass a
 * filter by without its network.
 */
import { scaleFloatPlane } from '../../frame/float-plane-scale.ts';
import type { Frame } from '../../frame/frame.ts';
import { isDeep, modelChannels } from '../../frame/pixel-format.ts';
import { cachedScaler } from './cached-scaler.ts';
import { copyUvPlanes } from './copy-uv-planes.ts';
import { scaleDeepFrame } from './scale-deep-frame.ts';

/**
 * Fills `outFrame` with `inFrame`, scaled plane by plane with swscale's bicubic filter (SWS_BICUBIC, ffmpeg's
 * default); R, G and B of a packed frame are scaled one by one, where ffmpeg would take the way over YUV. The
 * frames stay the caller's; their formats must be equal.
 *
 * @throws DnnError `EINVAL` if the frames differ in format or miss a plane.
 */
export function scaleFrame(inFrame: Frame, outFrame: Frame): void {
  if (inFrame.format === outFrame.format && isDeep(inFrame.format)) {
    scaleDeepFrame(inFrame, outFrame);
    return;
  }
  copyUvPlanes(inFrame, outFrame);
  const [from, to] = [inFrame.data[0]!, outFrame.data[0]!];
  if (inFrame.format === 'grayf32le') {
    scaleFloatPlane(floatsOf(from), inFrame, floatsOf(to), outFrame);
    return;
  }
  const scaler = cachedScaler(inFrame, outFrame, modelChannels(inFrame.format));
  scaler.scale(from, inFrame.linesize[0]!, to, outFrame.linesize[0]!);
}

/** The one plane of a grayf32 frame starts its buffer, so that it is aligned. */
function floatsOf({ buffer, byteOffset, length }: Uint8Array): Float32Array {
  return new Float32Array(buffer, byteOffset, length / 4);
}
