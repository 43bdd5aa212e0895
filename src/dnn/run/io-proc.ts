/** Converts frames to float tensors and back; mirrors libavfilter/dnn/dnn_io_proc.c of FFmpeg 5.1. */
import { DnnError } from '../../base/errors.ts';
import type { Frame } from '../../frame/frame.ts';
import { isDeep, modelChannels, pixelFormatDescriptor } from '../../frame/pixel-format.ts';
import { readDeepSamples, writeDeepSamples } from './deep-samples.ts';

/** libswscale's uint2float_lut: float32(i) times float32(1/255), rounded to float32. */
const uint2float = Float32Array.from({ length: 256 }, (_, i) => i * Math.fround(1 / 255));

/**
 * Writes plane 0 of a frame (of gbrp all planes) as `height x width x channels` float32 values, row-major,
 * into `target` from index `offset` on (dnn_io_proc.c · ff_proc_from_frame_to_dnn). Bytes become 0..1 in
 * their order in memory: bgr24 gives B, G, R. grayf32le is copied untouched; more than 8 bits go as
 * {@link readDeepSamples} says. The frame and the target stay the caller's.
 *
 * @throws DnnError `EINVAL` if the target is too small or the frame's plane 0 is not tightly packed.
 */
export function procFromFrameToDnn(frame: Frame, target: Float32Array, offset: number): void {
  const { plane, values } = checkedPlane(frame, 'input', target.length, offset);
  if (frame.format === 'grayf32le') {
    bytesOf(target, offset, values).set(plane);
    return;
  }
  if (isDeep(frame.format)) {
    readDeepSamples(frame, target, offset);
    return;
  }
  for (let i = 0; i < values; i++) target[offset + i] = uint2float[plane[i]!]!;
}

/**
 * Writes `height x width x channels` float32 values of `source`, from index `offset` on, to plane
 * 0 of a frame (dnn_io_proc.c · ff_proc_from_dnn_to_frame): 255 times the value in float32,
 * rounded to the nearest integer, ties to even, clipped to 0..255; NaN gives 0. grayf32le is
 * copied untouched; more than 8 bits are written by {@link writeDeepSamples}. Other planes are not touched.
 *
 * @throws DnnError `EINVAL` if the source has too few values or the frame's plane 0 is not tightly packed.
 */
export function procFromDnnToFrame(source: Float32Array, offset: number, frame: Frame): void {
  const { plane, values } = checkedPlane(frame, 'output', source.length, offset);
  if (frame.format === 'grayf32le') {
    plane.set(bytesOf(source, offset, values));
    return;
  }
  if (isDeep(frame.format)) {
    writeDeepSamples(source, offset, frame);
    return;
  }
  // A store to a clamped array rounds ties to even and clips, as lrintf and av_clip_uint8 do.
  const clamped = new Uint8ClampedArray(plane.buffer, plane.byteOffset, values);
  for (let i = 0; i < values; i++) clamped[i] = Math.fround(255 * source[offset + i]!);
}

/**
 * The bytes of plane 0 of an 8-bit frame, a view.
 *
 * @throws DnnError `EINVAL` if the plane is not tightly packed.
 */
export function packedPlane(frame: Frame, name: 'input' | 'output'): Uint8Array {
  return checkedPlane(frame, name, Infinity, 0).plane;
}

function bytesOf(tensor: Float32Array, offset: number, values: number): Uint8Array {
  return new Uint8Array(tensor.buffer, tensor.byteOffset + 4 * offset, 4 * values);
}

/** Plane 0 and its number of values, after a check that both it and the tensor hold them. */
function checkedPlane(
  frame: Frame,
  name: 'input' | 'output',
  tensorLength: number,
  offset: number,
): { plane: Uint8Array; values: number } {
  const { format, width, height, pts } = frame;
  const channels = modelChannels(format);
  const values = width * height * channels;
  const bytes = width * height * pixelFormatDescriptor(format).pixelStep[0]!;
  const plane = frame.data[0];
  const where = { tensor: name, format, width, height, channels, pts };
  if (plane?.length !== bytes || frame.linesize[0] !== bytes / height) {
    throw new DnnError(
      'EINVAL',
      `Plane 0 of the ${name} frame at pts ${pts} has ${plane?.length ?? 0} bytes in rows of ${frame.linesize[0] ?? 0}, ` +
        `not the ${bytes} of a tightly packed ${format} frame of ${width}x${height}.`,
      where,
    );
  }
  if (!Number.isInteger(offset) || offset < 0 || offset + values > tensorLength) {
    throw new DnnError(
      'EINVAL',
      `The ${name} tensor has ${tensorLength} values: too few for ${width}x${height}x${channels} of a ${format} frame ` +
        `at offset ${offset} (pts ${pts}).`,
      { ...where, offset, values: tensorLength },
    );
  }
  return { plane, values };
}
