import { describe, expect, test } from 'vitest';
import { middleDecodeArgs, firstDecodeArgs } from '../decode-stage-args.ts';
import { encodeStageArgs } from '../encode-stage-args.ts';
import type { PlannedFrames } from '../planned-frames.ts';
import { bt709, picturesOf, planningOf, planOf, rgbFrames } from './color-job.test-support.ts';
import { keepColor } from './keep-color.ts';
import type { StreamPictures } from './stream-pictures.ts';
import { reportingSize } from '../size-changes.ts';

const filtersIn = (args: readonly string[]): string | undefined =>
  args[args.findIndex((word) => /^-filter(_complex|:v)$/.test(word)) + 1];

/** What stands in front of the user's own filters in the encode stage. */
function restored(
  pictures: StreamPictures,
  frames: PlannedFrames = rgbFrames,
  heightBehind = frames.height,
): string | undefined {
  const plan = planOf('-i', 'a', '-vf', 'net,hflip', 'o.mp4');
  const kept = keepColor(plan, planningOf(plan, [frames]), pictures, () => heightBehind);
  return filtersIn(encodeStageArgs(plan, kept, [{ localIndex: 0, path: '/p' }]));
}

const untagged: PlannedFrames = { ...rgbFrames };
delete (untagged as { colorPrimaries?: string }).colorPrimaries;
delete (untagged as { colorTrc?: string }).colorTrc;

const primaries = 'color_primaries=bt709:color_trc=bt709';
const time = 'settb=1/25';

describe('RGB frames', () => {
  test('carry the matrix of a YUV input, by which ffmpeg then converts', () => {
    expect(restored(picturesOf(bt709))).toBe(
      `setparams=range=pc:${primaries}:colorspace=bt709,${time},hflip`,
    );
  });

  test('of full range become full range again', () => {
    expect(restored(picturesOf({ ...bt709, colorRange: 'pc', pixelFormat: 'yuvj420p' }))).toBe(
      `setparams=range=pc:${primaries}:colorspace=bt709,${time},` +
        'scale=out_range=pc,setparams=range=pc:colorspace=bt709,hflip',
    );
  });

  test.each(['prores', 'mpeg4', 'theora'])('become limited range for %s, which cannot say full', (codec) => {
    expect(restored(picturesOf({ ...bt709, colorRange: 'pc', pixelFormat: 'yuvj420p' }, { codec }))).toBe(
      `setparams=range=pc:${primaries}:colorspace=bt709,${time},hflip`,
    );
  });

  test('of an input without tags become YUV without tags', () => {
    expect(restored(picturesOf({}), untagged)).toBe(
      `setparams=range=pc:colorspace=gbr,${time},scale,setparams=range=unknown,hflip`,
    );
  });

  test.each([
    ['of an RGB input', picturesOf({ pixelFormat: 'bgr0', colorSpace: 'bt709' })],
    ['for an RGB output', picturesOf(bt709, { pixelFormat: 'rgb24' })],
    ['for a JPEG, which is BT.601', picturesOf(bt709, { codec: 'mjpeg' })],
  ])('%s are left to ffmpeg', (_, pictures) => {
    expect(restored(pictures)).toBe(`setparams=range=pc:${primaries}:colorspace=gbr,${time},hflip`);
  });
});

test('YUV frames keep their tags by themselves; only full range is made again', () => {
  const frames = { ...rgbFrames, ...bt709, pixelFormat: 'yuv420p' as const };
  const tags = `setparams=range=tv:${primaries}:colorspace=bt709,${time}`;
  expect(restored(picturesOf(bt709), frames)).toBe(`${tags},hflip`);
  expect(restored(picturesOf({ ...bt709, colorRange: 'pc' }), frames)).toBe(
    `${tags},scale=out_range=pc,setparams=range=pc:colorspace=bt709,hflip`,
  );
});

describe('without a matrix, the result gets one where players would guess another for it', () => {
  const all = (name: string): string => `:color_primaries=${name}:color_trc=${name}:colorspace=${name}`;
  const tagOf = (input: object, output: object, heightBehind = 48): string | undefined =>
    /,setparams=range=unknown(.*),hflip/.exec(
      restored(picturesOf(input, output), untagged, heightBehind) ?? '',
    )?.[1];

  test.each([
    ['twice 480 rows', { height: 480 }, { height: 480 }, 96, all('smpte170m')],
    ['twice 720 rows', { height: 720 }, { height: 720 }, 96, ''],
    ['twice 320 rows', { height: 320 }, { height: 320 }, 96, ''],
    ['720 rows made smaller', { height: 720 }, { height: 360 }, 48, all('bt709')],
    ['VP9 of 720 rows', { codec: 'vp9', height: 720 }, { height: 720 }, 48, all('smpte170m')],
    ['VP8 of 720 rows', { codec: 'vp8', height: 720 }, { height: 720 }, 48, ''],
    ['H.264 of 720 rows as VP9', { height: 720 }, { codec: 'vp9', height: 720 }, 48, all('bt709')],
  ])('%s', (_, input, output, heightBehind, tag) => {
    expect(tagOf(input, output, heightBehind)).toBe(tag);
  });

  test('a matrix alone, which Chromium leaves aside, gets what belongs to it', () => {
    const frames = { ...untagged, colorSpace: 'gbr' };
    const bt601 = { colorRange: 'tv', colorSpace: 'bt470bg', height: 480 };
    const names = 'color_primaries=smpte170m:color_trc=smpte170m';
    expect(restored(picturesOf(bt601, { height: 480 }), frames, 96)).toBe(
      `setparams=range=pc:colorspace=bt470bg,${time},scale,setparams=${names},hflip`,
    );
    expect(restored(picturesOf(bt601, { height: 480 }), frames)).toBe(
      `setparams=range=pc:colorspace=bt470bg,${time},hflip`,
    );
    const hd = { colorSpace: 'bt709', height: 480 };
    expect(restored(picturesOf(hd, { height: 480 }), frames, 96)).toContain(
      ',scale,setparams=range=unknown:color_primaries=bt709:color_trc=bt709,hflip',
    );
    const rare = { colorRange: 'tv', colorSpace: 'bt2020nc', height: 480 };
    expect(restored(picturesOf(rare, { height: 480 }), frames, 96)).not.toContain('scale');
    const complete = { ...bt709, height: 480 };
    expect(restored(picturesOf(complete, { height: 480 }), rgbFrames, 96)).not.toContain('scale');
  });

  test('RGB of 720 rows, which ffmpeg converts by BT.601', () => {
    expect(restored(picturesOf({ pixelFormat: 'gbrp', height: 720 }, { height: 720 }), untagged)).toBe(
      `setparams=range=pc:colorspace=gbr,${time},scale,setparams=${all('smpte170m').slice(1)},hflip`,
    );
  });
});

test('between two networks the matrix stands too, and on what YUV becomes of it', () => {
  const plan = planOf('-i', 'a', '-vf', 'net,format=yuv420p,net,vflip', 'o.mp4');
  const yuv: PlannedFrames = { ...rgbFrames, pixelFormat: 'yuv420p', colorRange: 'tv' };
  delete (yuv as { colorSpace?: string }).colorSpace;
  const kept = keepColor(plan, planningOf(plan, [rgbFrames, yuv]), picturesOf(bt709), () => 48);
  const pipes = { inputs: [{ localIndex: 0, path: '/a' }], output: '/b' };
  const middle = filtersIn(middleDecodeArgs(plan, kept, plan.chains[0]!, 1, pipes));
  expect(middle).toBe(
    `setparams=range=pc:${primaries}:colorspace=bt709,${time},format=yuv420p,format=yuv420p`,
  );
  const last = filtersIn(encodeStageArgs(plan, kept, [{ localIndex: 1, path: '/p' }]));
  expect(last).toBe(`setparams=range=tv:${primaries}:colorspace=bt709,${time},vflip`);
});

test('a complex graph keeps its colours as a chain does', () => {
  const plan = planOf('-i', 'a', '-filter_complex', '[0:v]format=rgb24,net,hflip[v]', '-map', '[v]', 'o.mp4');
  const kept = keepColor(plan, planningOf(plan, [rgbFrames]), picturesOf(bt709), () => 48);
  expect(filtersIn(encodeStageArgs(plan, kept, [{ localIndex: 0, path: '/p' }]))).toBe(
    `[1:0]setparams=range=pc:${primaries}:colorspace=bt709,${time},hflip[v]`,
  );
});

test('HDR becomes BT.709 in front of the chain, by the tags of the input', () => {
  const plan = planOf('-i', 'a', '-vf', 'scale=64:48,net', 'o.mp4');
  const hdr = { colorRange: 'tv', colorSpace: 'bt2020nc', colorPrimaries: 'bt2020', colorTrc: 'smpte2084' };
  const frames = { ...rgbFrames, ...hdr, colorRange: 'pc', colorSpace: 'gbr' };
  const kept = keepColor(plan, planningOf(plan, [frames]), picturesOf(hdr), () => 48);
  expect(filtersIn(firstDecodeArgs(plan, kept, plan.chains[0]!, '/p'))).toBe(
    'setparams=range=tv:color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc,' +
      'zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,' +
      'tonemap=mobius,zscale=t=bt709:m=bt709:r=tv,format=yuv420p,scale=64:48,' +
      reportingSize(0, 'before_dnn0', 'format=rgb24'),
  );
  expect(filtersIn(encodeStageArgs(plan, kept, [{ localIndex: 0, path: '/p' }]))).toBe(
    `setparams=range=pc:${primaries}:colorspace=bt709,${time}`,
  );
  const yuv = { ...frames, ...hdr, pixelFormat: 'yuv420p' as const };
  const luma = keepColor(plan, planningOf(plan, [yuv]), picturesOf(hdr), () => 48);
  expect(filtersIn(encodeStageArgs(plan, luma, [{ localIndex: 0, path: '/p' }]))).toBe(
    `setparams=range=tv:${primaries}:colorspace=bt709,${time}`,
  );
});
