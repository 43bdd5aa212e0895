import { describe, expect, test } from 'vitest';
import type { LocalFilter } from '../local-filter.ts';
import type { PlannedFrames } from '../planned-frames.ts';
import { bt709, picturesOf, planningOf, planOf, rgbFrames } from './color-job.test-support.ts';
import { settleColor } from './settle-color.ts';
import type { StreamPictures } from './stream-pictures.ts';

const sameSize: LocalFilter = {
  ...{ text: 'net', pixelFormats: ['rgb24'], detects: false },
  takes: () => true,
  linkBehind: (link) => link,
};

/** The lines of the log, and whether the planning stayed as it was. */
function settle(
  argv: readonly string[],
  pictures: StreamPictures,
  frames: PlannedFrames = rgbFrames,
): { lines: string[]; isSame: boolean } {
  const plan = planOf(...argv);
  const planning = planningOf(plan, [frames]);
  const lines: string[] = [];
  const log = (level: string, message: string): void => {
    lines.push(`${level}: ${message}`);
  };
  const settled = settleColor({ plan, planning, pictures, filters: [sameSize], log });
  return { lines, isSame: settled === planning };
}

const chain = (text: string, ...more: string[]): string[] => ['-i', 'a', '-vf', text, ...more, 'o.mp4'];
const rgb = chain('format=rgb24,net=model=x');
const made = 'ffmpeg makes YUV of RGB by BT.601 in limited range, without a tag for the matrix';
const advice = 'Add -dnn_color keep, or -dnn_color ffmpeg to leave it so.';
const hdr = { ...bt709, colorSpace: 'bt2020nc', colorPrimaries: 'bt2020', colorTrc: 'arib-std-b67' };
const hdrFrames = { ...rgbFrames, colorTrc: 'arib-std-b67' };

describe('a command without the option is left to ffmpeg, with one line on what is lost', () => {
  test.each([
    ['BT.709 of the input', bt709, ', so players show other colours'],
    ['BT.2020 of the input', { ...bt709, colorSpace: 'bt2020nc' }, ', so players show other colours'],
    ['BT.601 of the input', { ...bt709, colorSpace: 'smpte170m' }, ''],
    ['full range', { colorRange: 'pc' }, ''],
    [
      'BT.709 of the input, in full range,',
      { ...bt709, colorRange: 'pc' },
      ', so players show other colours',
    ],
  ])('%s', (lost, tags, shown) => {
    expect(settle(rgb, picturesOf(tags))).toEqual({
      lines: [`warning: ${lost} is lost behind net: ${made}${shown}. ${advice}`],
      isSame: true,
    });
  });

  test('HDR', () => {
    const { lines, isSame } = settle(rgb, picturesOf(hdr), hdrFrames);
    expect(isSame).toBe(true);
    expect(lines).toEqual([
      expect.stringMatching(
        /^warning: The input is HDR \(HLG\), and .* dull or .* With -vf add -dnn_color keep; else begin the chain with "setparams=range=tv:color_primaries=bt2020:color_trc=arib-std-b67:/,
      ),
    ]);
  });

  test.each([
    ['an input without tags', rgb, picturesOf({}), rgbFrames],
    ['an RGB input', rgb, picturesOf({ ...bt709, pixelFormat: 'gbrp' }), rgbFrames],
    ['an RGB output', rgb, picturesOf(bt709, { pixelFormat: 'rgb24' }), rgbFrames],
    ['YUV frames', rgb, picturesOf(bt709), { ...rgbFrames, ...bt709, pixelFormat: 'yuv420p' as const }],
    ['a matrix of the user', chain('net,scale=out_color_matrix=bt709'), picturesOf(bt709), rgbFrames],
    ['a tag of the user', chain('net,setparams=colorspace=bt709'), picturesOf(bt709), rgbFrames],
    [
      'a conversion of the user',
      chain('net,format=yuv444p,colorspace=all=bt709'),
      picturesOf(bt709),
      rgbFrames,
    ],
    ['-dnn_color ffmpeg', chain('net', '-dnn_color', 'ffmpeg'), picturesOf(bt709), rgbFrames],
    ['-dnn_color ffmpeg and HDR', chain('net', '-dnn_color', 'ffmpeg'), picturesOf(hdr), hdrFrames],
  ])('nothing of %s', (_, argv, pictures, frames) => {
    expect(settle(argv, pictures, frames)).toEqual({ lines: [], isSame: true });
  });

  test('a filter behind that says nothing of the matrix changes nothing', () => {
    expect(settle(chain('net,setparams=field_mode=tff'), picturesOf(bt709)).lines).toHaveLength(1);
  });

  test('a tag of the encoder alone does not change how ffmpeg converts', () => {
    expect(settle(chain('net', '-colorspace', 'bt709'), picturesOf(bt709)).lines).toHaveLength(1);
  });
});

describe('-dnn_color keep', () => {
  const keep = chain('net', '-dnn_color', 'keep');

  test('keeps, and says nothing', () => {
    expect(settle(keep, picturesOf(bt709))).toEqual({ lines: [], isSame: false });
  });

  test('says that HDR becomes SDR', () => {
    expect(settle(keep, picturesOf(hdr), hdrFrames).lines).toEqual([
      'info: -dnn_color keep: HDR (HLG) becomes BT.709 before the DNN filters.',
    ]);
  });

  test('says where a graph has outputs with and without a matrix', () => {
    const graph = ['-i', 'a', '-filter_complex', '[0:v]format=rgb24,net[v]', '-map', '[v]'];
    const settled = (...outputs: object[]): string[] =>
      settle([...graph, '-dnn_color', 'keep', 'o.mp4'], picturesOf(bt709, ...outputs)).lines;
    expect(settled({}, { codec: 'mjpeg', pixelFormat: 'yuvj420p' })).toEqual([
      expect.stringMatching(/^warning: -dnn_color keep: outputs of one graph .* by a command each\.$/),
    ]);
    expect(settled({}, {})).toEqual([]);
    expect(settled({ pixelFormat: 'rgb24' }, { codec: 'mjpeg', pixelFormat: 'yuvj420p' })).toEqual([]);
  });

  test('says what to write for HDR in a complex graph', () => {
    const graph = ['-i', 'a', '-filter_complex', '[0:v]format=rgb24,net[v]', '-map', '[v]'];
    const { lines } = settle([...graph, '-dnn_color', 'keep', 'o.mp4'], picturesOf(hdr), hdrFrames);
    expect(lines).toEqual([
      expect.stringMatching(
        /^warning: The input is HDR \(HLG\), .*color_trc=arib-std-b67:colorspace=bt2020nc,zscale=/,
      ),
    ]);
  });
});
