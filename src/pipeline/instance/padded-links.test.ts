import { expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import type { ModelOutput, VideoLink } from '../../filters/dnn-filter.ts';
import { paddedLinks } from './padded-links.ts';

/** A network that takes multiples of a number, and makes its frames so many times as large. */
function network(multiple: number, times: number): (link: VideoLink) => ModelOutput {
  return ({ width, height }) => {
    if (width % multiple > 0 || height % multiple > 0) {
      throw new DnnError('EINVAL', 'sizes differ', { layer: 'add' });
    }
    return { width: width * times, height: height * times, channels: 3 };
  };
}

const link = { format: 'rgb24', width: 65, height: 48 } as const;

test('the least multiple is taken, and the result is as much larger as the model makes it', () => {
  expect(paddedLinks(link, network(8, 2))).toEqual({
    multiple: 8,
    input: { format: 'rgb24', width: 72, height: 48 },
    output: { width: 144, height: 96, channels: 3 },
    kept: { width: 130, height: 96, channels: 3 },
  });
});

test('a size that is no whole number of pixels, and a network that takes no multiple, are left alone', () => {
  expect(paddedLinks(link, network(8, 0.5))).toBeUndefined();
  expect(paddedLinks(link, network(100, 1))).toBeUndefined();
});

test('frames that the network takes are not padded', () => {
  expect(paddedLinks({ ...link, width: 64 }, network(8, 2))).toBeUndefined();
});

test('an error that is not about sizes goes on', () => {
  const broken = () => {
    throw new DnnError('ENOMEM', 'too large', { layer: 'pad' });
  };
  expect(() => paddedLinks(link, broken)).toThrow('too large');
});
