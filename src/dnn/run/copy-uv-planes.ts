/**
 * Gives an output frame the chroma of its input frame; mirrors vf_dnn_processing.c ·
 * prepare_uv_scale and copy_uv_planes.
 */
import { DnnError } from '../../base/errors.ts';
import { scaleDeepPlane, type DeepPlane } from '../../frame/deep-plane-scale.ts';
import type { Frame } from '../../frame/frame.ts';
import { isDeep, isPlanarYuv, pixelFormatDescriptor } from '../../frame/pixel-format.ts';
import { frameLayout } from '../../frame/plane-layout.ts';
import { cachedScaler } from './cached-scaler.ts';

/** Chroma without colour, for nv12 samples that FFmpeg leaves unwritten. */
const neutral = 128;

/**
 * Copies planes 1 and 2 (nv12: plane 1) of `inFrame` to `outFrame`: byte for byte where the frames are of one
 * size, else scaled with swscale's bicubic. Formats without chroma planes are left alone.
 *
 * nv12 is scaled from floor(width/2) x floor(height/2) to the same of the output, as FFmpeg does it: the last
 * chroma column and row of an odd output size are no part of that. FFmpeg leaves them unwritten, here they
 * become neutral (128); so does the whole plane where a frame is one pixel wide or high.
 *
 * @throws DnnError `EINVAL` if the frames differ in format, have a size that no
 * frame can have, or miss a plane.
 */
export function copyUvPlanes(inFrame: Frame, outFrame: Frame): void {
  const { format } = inFrame;
  if (outFrame.format !== format) {
    throw new DnnError(
      'EINVAL',
      `Cannot copy chroma of a ${format} frame to a ${outFrame.format} frame (pts ${inFrame.pts}).`,
      { inFormat: format, outFormat: outFrame.format, pts: inFrame.pts },
    );
  }
  if (!isPlanarYuv(format)) return;
  const src = chromaPlanes(inFrame, 'input');
  const dst = chromaPlanes(outFrame, 'output');
  const sameSize = inFrame.width === outFrame.width && inFrame.height === outFrame.height;
  for (const [index, from] of src.entries()) {
    const to = dst[index]!;
    if (sameSize) {
      to.data.set(from.data);
    } else if (format === 'nv12') {
      scaleNv12(inFrame, outFrame, from, to);
    } else if (isDeep(format)) {
      scaleDeepPlane(deepPlane(from), deepPlane(to), pixelFormatDescriptor(format).depth);
    } else {
      cachedScaler(from, to, 1).scale(from.data, from.linesize, to.data, to.linesize);
    }
  }
}

interface ChromaPlane {
  readonly data: Uint8Array;
  readonly linesize: number;
  readonly width: number;
  readonly height: number;
}

function chromaPlanes(frame: Frame, name: string): ChromaPlane[] {
  const { planes } = frameLayout(frame.format, frame.width, frame.height);
  return planes.slice(1).map((plane, i) => {
    const data = frame.data[i + 1];
    if (data?.length !== plane.linesize * plane.height || frame.linesize[i + 1] !== plane.linesize) {
      throw new DnnError(
        'EINVAL',
        `Plane ${i + 1} of the ${name} frame at pts ${frame.pts} is not that of a tightly packed ${frame.format} frame ` +
          `of ${frame.width}x${frame.height}.`,
        { plane: i + 1, format: frame.format, width: frame.width, height: frame.height, pts: frame.pts },
      );
    }
    return { data, linesize: plane.linesize, width: plane.width, height: plane.height };
  });
}

/** Planes of these formats start at even bytes of their buffer. */
function deepPlane({ data, width, height }: ChromaPlane): DeepPlane {
  return { samples: new Uint16Array(data.buffer, data.byteOffset, data.length / 2), width, height };
}

function scaleNv12(inFrame: Frame, outFrame: Frame, from: ChromaPlane, to: ChromaPlane): void {
  const src = { width: inFrame.width >> 1, height: inFrame.height >> 1 };
  const dst = { width: outFrame.width >> 1, height: outFrame.height >> 1 };
  if (dst.width !== to.width || dst.height !== to.height || src.width === 0 || src.height === 0) {
    to.data.fill(neutral);
  }
  if (src.width === 0 || src.height === 0 || dst.width === 0 || dst.height === 0) return;
  cachedScaler(src, dst, 2).scale(from.data, from.linesize, to.data, to.linesize);
}
