import { expect, test } from 'vitest';
import {
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

test('rgb24 and bgr24 need three channels, every other format one', () => {
  expect(pixelFormats.filter((format) => modelChannels(format) === 3)).toEqual(['rgb24', 'bgr24']);
});

test('descriptors agree with themselves', () => {
  for (const format of pixelFormats) {
    const { components, pixelStep, bytesPerSample } = pixelFormatDescriptor(format);
    const chromaBytes = pixelStep.slice(1).reduce((total, step) => total + step, 0);
    expect(pixelStep[0]! + chromaBytes).toBe(components * bytesPerSample);
  }
});
