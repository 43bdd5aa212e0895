import { expect, test } from 'vitest';
import {
  framePixelFormats,
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

test('formats of more than 8 bits are of frames, and no filter accepts them', () => {
  const deep = framePixelFormats.filter((format) => !isFilterFormat(format));
  expect(deep).toEqual(['yuv420p10le', 'yuv422p10le', 'yuv444p10le']);
  expect(deep.every(isPixelFormat)).toBe(true);
  expect(deep.map((format) => pixelFormatDescriptor(format).bytesPerSample)).toEqual([2, 2, 2]);
  expect(pixelFormats.every(isFilterFormat)).toBe(true);
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
  for (const format of framePixelFormats) {
    const { components, pixelStep, bytesPerSample } = pixelFormatDescriptor(format);
    const chromaBytes = pixelStep.slice(1).reduce((total, step) => total + step, 0);
    expect(pixelStep[0]! + chromaBytes).toBe(components * bytesPerSample);
  }
});
