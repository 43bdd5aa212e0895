import { expect, test } from 'vitest';
import { hasMatrix, isRgbFormat, readStreamPictures } from './stream-pictures.ts';

/** Lines of ffmpeg 5.1. */
const log = `Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'a.mp4':
  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(tv, bt709, progressive), 1280x720 [SAR 1:1 DAR 16:9], 17 kb/s, 10 fps, 10 tbr, 10240 tbn (default)
  Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, mono, fltp, 69 kb/s (default)
Input #1, matroska,webm, from 'b.mkv':
  Stream #1:0: Video: hevc (Main 10), yuv420p10le(tv, bt2020nc/bt2020/smpte2084, top coded first (swapped)), 640x360, 25 fps, 1k tbn
  Stream #1:1: Video: vp9 (Profile 0), yuv420p, 854x480, SAR 1:1 DAR 427:240, 25 fps
  Stream #1:2: Video: mjpeg (Baseline), yuvj420p(pc, bt470bg/unknown/unknown), 64x48, 25 fps (attached pic)
Stream mapping:
  Stream #0:0 -> #0:0 (h264 (native) -> h264 (libx264))
Output #0, mp4, to 'o.mp4':
  Stream #0:0(und): Video: h264 (avc1 / 0x31637661), yuv420p(tv, unknown/bt709/bt709, progressive), 64x48 [SAR 1:1 DAR 4:3], q=2-31, 10 fps, 10240 tbn (default)
Output #1, rawvideo, to 'o.raw':
  Stream #1:0: Video: rawvideo (RGB[24] / 0x18424752), rgb24(pc, gbr/unknown/unknown, progressive), 64x48, q=2-31`;

test('reads codec, format, rows and colour tags of every video stream', () => {
  const { inputs, outputs } = readStreamPictures(log.split('\n'));
  const bt709 = { colorSpace: 'bt709', colorPrimaries: 'bt709', colorTrc: 'bt709' };
  expect(Object.fromEntries(inputs)).toEqual({
    '0:0': { codec: 'h264', pixelFormat: 'yuv420p', width: 1280, height: 720, colorRange: 'tv', ...bt709 },
    '1:0': {
      ...{ codec: 'hevc', pixelFormat: 'yuv420p10le', width: 640, height: 360, colorRange: 'tv' },
      ...{ colorSpace: 'bt2020nc', colorPrimaries: 'bt2020', colorTrc: 'smpte2084' },
    },
    '1:1': { codec: 'vp9', pixelFormat: 'yuv420p', width: 854, height: 480 },
    '1:2': {
      codec: 'mjpeg',
      pixelFormat: 'yuvj420p',
      width: 64,
      height: 48,
      colorRange: 'pc',
      colorSpace: 'bt470bg',
    },
  });
  expect(Object.fromEntries(outputs)).toEqual({
    '0:0': {
      ...{ codec: 'h264', pixelFormat: 'yuv420p', width: 64, height: 48, colorRange: 'tv' },
      ...{ colorPrimaries: 'bt709', colorTrc: 'bt709' },
    },
    '1:0': {
      codec: 'rawvideo',
      pixelFormat: 'rgb24',
      width: 64,
      height: 48,
      colorRange: 'pc',
      colorSpace: 'gbr',
    },
  });
});

test.each([
  ['rgb24', true],
  ['bgr0', true],
  ['0rgb', true],
  ['argb', true],
  ['gbrpf32le', true],
  ['x2rgb10le', true],
  ['pal8', true],
  ['yuvj420p', false],
  ['nv12', false],
  ['gray', false],
  ['p010le', false],
])('%s is RGB: %s', (pixelFormat, isRgb) => {
  expect(isRgbFormat(pixelFormat)).toBe(isRgb);
});

test('a JPEG and RGB have no matrix of their own', () => {
  const picture = { codec: 'h264', pixelFormat: 'yuv420p', width: 64, height: 48 };
  expect(hasMatrix(picture)).toBe(true);
  expect(hasMatrix({ ...picture, codec: 'mjpeg', pixelFormat: 'yuvj420p' })).toBe(false);
  expect(hasMatrix({ ...picture, pixelFormat: 'gbrp' })).toBe(false);
});
