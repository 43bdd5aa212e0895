/** The tags under which FFmpeg stores raw video (libavcodec/raw.c), and the one that stands for grayf32. */
import type { PixelFormat } from '../../frame/pixel-format.ts';

/** What FFmpeg's NUT muxer writes. NUT has no raw tag for grayf32, which crosses as PFM packets. */
export const rawTags: Readonly<Record<PixelFormat, string>> = {
  rgb24: 'RGB\x18',
  bgr24: 'BGR\x18',
  gray: 'Y800',
  grayf32le: 'PFM0',
  yuv420p: 'I420',
  yuv422p: 'Y42B',
  yuv444p: '444P',
  yuv410p: 'YUV9',
  yuv411p: 'Y41B',
  nv12: 'NV12',
  yuv420p10le: 'Y3\x0b\x0a',
  yuv422p10le: 'Y3\x0a\x0a',
  yuv444p10le: 'Y3\x00\x0a',
  yuv420p12le: 'Y3\x0b\x0c',
  yuv422p12le: 'Y3\x0a\x0c',
  yuv444p12le: 'Y3\x00\x0c',
  yuv420p16le: 'Y3\x0b\x10',
  yuv422p16le: 'Y3\x0a\x10',
  yuv444p16le: 'Y3\x00\x10',
  gray10le: 'Y1\x00\x0a',
  gray16le: 'Y1\x00\x10',
  rgb48le: 'RGB0',
  gbrp10le: 'G3\x00\x0a',
  gbrp12le: 'G3\x00\x0c',
  gbrp16le: 'G3\x00\x10',
};

/** Other spellings of the same layouts. */
const aliases = new Map<string, PixelFormat>([
  ['IYUV', 'yuv420p'],
  ['GREY', 'gray'],
]);

/** The pixel format of a raw video tag; undefined for any other tag. */
export function formatOfTag(tag: string): PixelFormat | undefined {
  const format = (Object.keys(rawTags) as PixelFormat[]).find((name) => rawTags[name] === tag);
  return format ?? aliases.get(tag);
}
