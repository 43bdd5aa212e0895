/** Bytes to floats and back, and chains of filters around. */
import { chain, conv, maximum, mul, add, numberWith, same, withNumber } from '../native-layers.ts';
import { div } from '../native-layers.ts';
import { smooth, enlarging } from './format-cases.ts';
import { even, odd, type PictureCase } from './picture-case.ts';

/** A ramp with every byte once. */
const ramp = "color=black:size=16x16:rate=25,format=gray,geq=lum='X+16*Y',format=yuv444p";
const onRamp = {
  format: 'yuv444p',
  size: [16, 16],
  source: ramp,
  tolerance: { largest: 0, identical: 1 },
} as const;

export const byteCases: readonly PictureCase[] = [
  {
    ...onRamp,
    title: 'every byte through a model that changes nothing',
    rows: ['values:bytes', 'layer:conv2d'],
    model: chain(1, withNumber(mul, 1)),
  },
  {
    ...onRamp,
    title: 'every byte halved: ties to even',
    rows: ['values:ties'],
    model: chain(1, withNumber(mul, 0.5)),
  },
  {
    ...onRamp,
    title: 'values below 0 and above 1',
    rows: ['values:clip'],
    model: chain(1, withNumber(mul, 3), withNumber(add, -1)),
  },
  {
    ...onRamp,
    title: 'far beyond a byte',
    rows: ['bug:nan-to-byte'],
    model: chain(1, withNumber(mul, 1e9), withNumber(add, -1e8)),
    expected: (input) => input.map((value, index) => (index >= 256 ? value : value * 1e9 < 255e8 ? 0 : 255)),
  },
  {
    ...onRamp,
    title: 'infinity',
    rows: ['bug:nan-to-byte'],
    model: chain(1, numberWith(div, 1), maximum(0)),
    backends: ['native'],
    expected: (input) =>
      input.map((value, index) => (index >= 256 ? value : Math.min(255, Math.round((255 * 255) / value)))),
  },
  {
    title: 'float frames beyond 0..1',
    rows: ['values:grayf32'],
    format: 'grayf32le',
    size: odd,
    model: chain(1, withNumber(mul, 700), withNumber(add, -300)),
  },
];

const onLuma = { format: 'yuv420p', size: odd, model: enlarging(1) } as const;

export const chainCases: readonly PictureCase[] = [
  {
    ...onLuma,
    title: 'filters of ffmpeg before and behind',
    rows: ['chain:before', 'chain:behind'],
    chain: (filter) => `hflip,scale=40:22:flags=bilinear,format=yuv420p,${filter},vflip,crop=41:23:3:5`,
  },
  {
    ...onLuma,
    title: 'two DNN filters in a row',
    rows: ['chain:two'],
    chain: (filter) => `format=yuv420p,${filter},${filter}`,
  },
  {
    ...onLuma,
    title: 'two DNN filters and one of ffmpeg between',
    rows: ['chain:two', 'chain:behind'],
    chain: (filter) => `format=yuv422p,${filter},transpose,format=yuv411p,${filter},hflip`,
  },
  {
    ...onLuma,
    title: 'times of the frames',
    rows: ['props:pts'],
    frames: 7,
    chain: (filter) => `setpts=PTS*2,format=yuv420p,${filter},fps=25`,
    backends: ['native'],
  },
  {
    title: 'rgba becomes rgb24',
    rows: ['convert:rgba'],
    format: 'rgb24',
    size: even,
    model: smooth(3),
    chain: (filter) => `format=rgba,${filter}`,
    backends: ['native'],
  },
  {
    title: 'full range becomes limited',
    rows: ['convert:yuvj420p'],
    format: 'yuv420p',
    size: odd,
    model: chain(1, conv({ depth: 1, outputs: 1, size: 3, padding: same })),
    chain: (filter) => `format=yuvj420p,${filter},format=yuv420p`,
    backends: ['native'],
  },
];
