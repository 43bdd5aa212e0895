/** The filters sr and derain. Stock ffmpeg's own sr gives no frames with a model that keeps the size. */
import type { PixelFormat } from '../../src/frame/pixel-format.ts';
import { enlarging, smooth } from './format-cases.ts';
import { even, odd, type PictureCase } from './picture-case.ts';

const lumaFormats: readonly PixelFormat[] = ['yuv420p', 'yuv422p', 'yuv444p', 'yuv410p', 'yuv411p', 'gray'];

/** sr takes gray, dnn_processing of FFmpeg 5.1 does not: the same luma in yuv444p. */
const inStock = (format: PixelFormat, scale: string, filter: string): string =>
  format === 'gray'
    ? `format=yuv444p${scale},format=yuv444p,${filter},extractplanes=y`
    : `format=${format}${scale},${filter}`;

const srCases: readonly PictureCase[] = lumaFormats.flatMap((format, index) => {
  const factor = 2 + (index % 3);
  return [
    {
      title: 'a model that enlarges',
      rows: [`format:sr.${format}`, 'size:larger'],
      filter: 'sr' as const,
      format,
      size: index % 2 === 0 ? odd : even,
      model: enlarging(1),
      ...(format === 'gray' ? { stockChain: (filter: string) => inStock(format, '', filter) } : {}),
    },
    {
      title: `a model that keeps the size, scale_factor=${factor}`,
      rows: [`format:sr.${format}`, 'option:sr.scale_factor', 'bug:sr-same-size', 'chroma:scaled'],
      filter: 'sr' as const,
      format,
      size: odd,
      ownOptions: `:scale_factor=${factor}`,
      model: smooth(1),
      stockChain: (filter: string) =>
        inStock(format, `,scale=iw*${factor}:ih*${factor}:flags=bicubic`, filter),
    },
  ];
});

const derainCases: readonly PictureCase[] = [even, odd].map((size) => ({
  title: 'a model of three channels',
  rows: ['format:derain.rgb24', 'size:same'],
  filter: 'derain' as const,
  format: 'rgb24' as const,
  size,
  model: smooth(3),
  options: ':filter_type=dehaze',
}));

const timeline: PictureCase = {
  title: 'enable for frames 2 to 4',
  rows: ['option:derain.enable'],
  filter: 'derain',
  format: 'rgb24',
  size: odd,
  frames: 7,
  model: smooth(3),
  options: ":enable='between(n,2,4)'",
  wholeJob: true,
  backends: ['native'],
};

export const srDerainCases: readonly PictureCase[] = [...srCases, ...derainCases, timeline];
