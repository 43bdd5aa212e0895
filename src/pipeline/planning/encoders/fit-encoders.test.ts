/** What is added for x264, what is refused, and what is left as it is. */
import { expect, it, vi } from 'vitest';
import { DnnError } from '../../../base/errors.ts';
import { picturesOf, planningOf, planOf, rgbFrames } from '../color/color-job.test-support.ts';
import type { StreamPicture } from '../color/stream-pictures.ts';
import type { LocalFilter } from '../local-filter.ts';
import { fitEncoders } from './fit-encoders.ts';

/** A network that gives frames of twice the size. */
const twice: LocalFilter = {
  ...{ text: 'net', pixelFormats: ['rgb24'], detects: false, takes: () => true },
  linkBehind: ({ format, width, height }) => ({ format, width: 2 * width, height: 2 * height }),
};

const hd = { width: 1920, height: 1080 };

/** What becomes of such an output behind a network that makes 4K of HD. */
async function fit(words: string, picture: Partial<StreamPicture> = {}, sized?: Partial<StreamPicture>) {
  const plan = planOf('-i', 'a.mp4', ...words.split(' '), 'b.mp4');
  const lines: string[] = [];
  const sizedPictures = vi.fn(() => Promise.resolve(sized && picturesOf({}, sized)));
  const job = {
    ...{ plan, planning: planningOf(plan, [{ ...rgbFrames, ...hd }]), filters: [twice], sizedPictures },
    pictures: picturesOf({}, { pixelFormat: 'yuv444p', ...hd, ...picture }),
    log: (_: string, line: string) => lines.push(line),
  };
  try {
    const { command } = await fitEncoders(job);
    const given = plan.command.outputs[0]!.options.length;
    const added = command.outputs[0]!.options.slice(given).flatMap((option) => option.words);
    return { added: added.join(' '), lines, sizedPictures };
  } catch (error) {
    if (!(error instanceof DnnError)) throw error;
    return { error, lines, sizedPictures };
  }
}

it.each([
  ['-vf net -preset veryfast -crf 18 -pix_fmt yuv420p', 'yuv420p', ''],
  ['-vf net -preset veryfast -crf 18', 'yuv444p', ''],
  ['-vf net -crf 18', 'yuv444p', '-rc-lookahead 19'],
  ['-vf net -crf 18', 'yuv420p', ''],
  ['-vf net -preset slow', 'yuv420p', '-rc-lookahead 43'],
  ['-vf net -preset slower', 'yuv444p', '-rc-lookahead 8'],
  ['-vf net -preset veryslow', 'yuv444p', '-rc-lookahead 5 -refs 7'],
  ['-vf net -crf 18 -rc-lookahead 12', 'yuv444p', ''],
  ['-vf net -crf 18 -x264-params rc-lookahead=12', 'yuv444p', ''],
])('%s in %s: adds %j', async (words, pixelFormat, added) => {
  expect((await fit(words, { pixelFormat })).added).toBe(added);
});

it('says in words to paste what is added', async () => {
  const { lines } = await fit('-vf net -crf 18 -pix_fmt yuv444p');
  expect(lines).toEqual([
    'libx264 for 3840x2160 in yuv444p needs about 2.6 GB, and ffmpeg.wasm has 2 GiB: -rc-lookahead 19 is added; ' +
      'write it to choose.',
  ]);
});

it.each([
  ['-vf net -crf 18 -rc-lookahead 40', '`-rc-lookahead 5`'],
  ['-vf net -crf 18 -refs 10 -rc-lookahead 20', '`-pix_fmt yuv420p`'],
  ['-vf net -crf 18 -refs 16 -rc-lookahead 40', '`-rc-lookahead 5 -pix_fmt yuv420p`'],
  [
    '-vf net -x264opts ref=16:bframes=16:rc-lookahead=60',
    '`-preset veryfast -rc-lookahead 5 -refs 1 -bf 3 -pix_fmt yuv420p`',
  ],
])('%s is refused, with %s instead', async (words, instead) => {
  const { error } = await fit(words);
  expect(error).toMatchObject({
    code: 'ENOMEM',
    details: { width: 3840, height: 2160, pixelFormat: 'yuv444p' },
  });
  expect(error?.message).toContain('for 3840x2160 in yuv444p with these options, and ffmpeg.wasm has 2 GiB');
  expect(error?.message).toContain(`write ${instead} in place of those, or scale the pictures down`);
});

it('where filters behind scale, asks for the size only if it matters', async () => {
  const small = await fit('-vf net,scale=iw/2:-2 -crf 18', {}, { pixelFormat: 'yuv444p', ...hd });
  expect(small.added).toBe('');
  expect(small.sizedPictures).toHaveBeenCalledOnce();
  const enough = await fit('-vf net,scale=iw/2:-2 -crf 18', { width: 640, height: 360 });
  expect(enough.sizedPictures).not.toHaveBeenCalled();
  const unknown = await fit('-vf net,hflip -crf 18');
  expect(unknown.added).toBe('-rc-lookahead 18');
});

it('leaves other encoders alone', async () => {
  const { added, lines } = await fit('-vf net -c:v libvpx-vp9', { codec: 'vp9', pixelFormat: 'gbrp', ...hd });
  expect({ added, lines }).toEqual({ added: '', lines: [] });
});

it.each([
  ['-vf net -preset ultrafast', {}, true],
  ['-vf net -preset ultrafast -pix_fmt yuv444p', {}, false],
  ['-vf net,format=yuv444p -preset ultrafast', {}, false],
  ['-vf net -preset ultrafast', { pixelFormat: 'yuv420p' }, false],
])('%s %j: hints at players that refuse 4:4:4: %s', async (words, picture, hinted) => {
  const { lines } = await fit(words, picture);
  expect(lines.some((line) => line.includes('add -pix_fmt yuv420p'))).toBe(hinted);
});
