import { expect, test } from 'vitest';
import {
  framePixelFormats,
  isDeep,
  isEightBit,
  isFilterFormat,
  isPixelFormat,
  isPlanarYuv,
  modelChannels,
  pixelFormatDescriptor,
  pixelFormats,
} from './pixel-format.ts';

test('only the names of these filters count', () => {
  expect(pixelFormats.every(isPixelFormat)).toBe(true);
  for (const name of ['grayf32be', 'yuvj420p', 'nv21', 'RGB24', '', 'toString'])
    expect(isPixelFormat(name)).toBe(false);
});

test('formats of more than 8 bits are of frames, and not of what FFmpeg accepts', () => {
  const deep = framePixelFormats.filter((format) => !isFilterFormat(format));
  expect(deep).toEqual(framePixelFormats.filter(isDeep));
  expect(deep.every(isPixelFormat)).toBe(true);
  for (const format of deep) {
    const { bytesPerSample, depth } = pixelFormatDescriptor(format);
    expect([bytesPerSample, depth]).toEqual([
      2,
      format === 'rgb48le' ? 16 : Number(/(\d\d)le$/.exec(format)![1]),
    ]);
  }
  expect(pixelFormats.every(isFilterFormat)).toBe(true);
  expect(pixelFormats.filter((format) => !isEightBit(format))).toEqual(['grayf32le']);
});

test('the planar YUV formats are those of which only luma goes through a model', () => {
  expect(pixelFormats.filter(isPlanarYuv)).toEqual([
    'yuv420p',
    'yuv422p',
    'yuv444p',
    'yuv410p',
    'yuv411p',
    'nv12',
  ]);
});

test('RGB needs three channels, every other format one', () => {
  const rgb = ['rgb24', 'bgr24', 'rgb48le', 'gbrp10le', 'gbrp12le', 'gbrp16le'];
  expect(framePixelFormats.filter((format) => modelChannels(format) === 3)).toEqual(rgb);
});

test('descriptors agree with themselves', () => {
  for (const format of framePixelFormats) {
    const { components, pixelStep, bytesPerSample } = pixelFormatDescriptor(format);
    const chromaBytes = pixelStep.slice(1).reduce((total, step) => total + step, 0);
    expect(pixelStep[0]! + chromaBytes).toBe(components * bytesPerSample);
  }
});
