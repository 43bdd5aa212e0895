import { expect, test } from 'vitest';
import { parseCommand } from '../../command/command.ts';
import { browserEncoder } from '../../command/webcodecs/browser-encoder.ts';
import { bitstreamWords } from './bitstream-words.ts';
import { muxWords, toldWords, type EncodedVideo } from './mux-words.ts';

const output = (words: string) => parseCommand(`-i a ${words} o.mp4`.split(' ')).outputs[0]!;

function video(words: string, changed: Partial<EncodedVideo> = {}): EncodedVideo {
  return {
    encoder: browserEncoder(output(words))!,
    colors: {},
    sampleAspectRatio: { num: 0, den: 1 },
    frameRate: undefined,
    ...changed,
  };
}

test('the video is copied, and what is for encoder or frames goes', () => {
  const words =
    '-vf hflip -c:v h264_webcodecs -b:v 1M -preset slow -r 30 -s 64x48 -t 5 -c:a aac -b:a 64k -tag:v avc3 -bsf:v null';
  const { options } = output(words);
  const { encoder } = video(words);
  const kept = output(words).options.flatMap((_, index) => {
    const option = options[index]!;
    return muxWords(option, option.name === 'vf', { ...encoder, option: options[1]! });
  });
  expect(kept.join(' ')).toBe('-c:v:0 copy -t 5 -c:a aac -b:a 64k -tag:v avc3');
});

test('the container is told the colours', () => {
  const colors = { colorRange: 'tv', colorSpace: 'bt470bg', colorPrimaries: 'bt470bg', colorTrc: 'bt470bg' };
  expect(toldWords(video('-c:v vp8_webcodecs', { colors }), 2).join(' ')).toBe(
    '-color_range:v:0 tv -colorspace:v:0 bt470bg -color_primaries:v:0 bt470bg -color_trc:v:0 gamma28 ' +
      '-metadata:s:2 encoder=vp8_webcodecs',
  );
});

test('H.264 and HEVC get in the stream what x264 writes', () => {
  const facts = { sampleAspectRatio: { num: 4, den: 3 }, frameRate: { num: 30000, den: 1001 } };
  const filters = (words: string, changed: Partial<EncodedVideo>) =>
    bitstreamWords(video(words, changed), output(words));
  expect(filters('-c:v h264_webcodecs', facts)).toEqual([
    ...['-bsf:v:0', 'h264_metadata=sample_aspect_ratio=4/3:tick_rate=60000/1001'],
  ]);
  expect(filters('-c:v hevc_webcodecs -bsf:v noise', facts)[1]).toBe(
    'hevc_metadata=sample_aspect_ratio=4/3:tick_rate=30000/1001,noise',
  );
  expect(filters('-c:v vp9_webcodecs', facts)).toEqual([]);
  const colors = { colorRange: 'tv', colorSpace: 'bt709' };
  expect(filters('-c:v h264_webcodecs', { colors })[1]).toBe(
    'h264_metadata=video_full_range_flag=0:matrix_coefficients=1',
  );
  expect(filters('-c:v h264_webcodecs', { colors: { colorRange: 'tv' } })).toEqual([]);
});
