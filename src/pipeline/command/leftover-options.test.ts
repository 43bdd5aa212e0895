import { describe, expect, it } from 'vitest';
import {
  fromDefaults,
  hidesStatus,
  isStatusLine,
  leavesOptions,
  probeFromDefaults,
} from './leftover-options.ts';

const words = (text: string): string[] => text.split(' ');

describe('leftover options', () => {
  it('says the defaults in front of what the user says', () => {
    const head = '-nocopyts -nostart_at_zero -nodebug_ts -stats';
    expect(fromDefaults(words('-i a b'))).toEqual(words(`${head} -v info -i a b`));
    expect(fromDefaults(words('-copyts -v error -i a b'))).toEqual(words(`${head} -copyts -v error -i a b`));
    expect(probeFromDefaults(words('-loglevel error a'))).toEqual(words('-loglevel error a'));
  });

  it('shows the banner of the next run again', () => {
    expect(probeFromDefaults(words('-hide_banner a'))).toEqual(
      words('-v info -hide_banner -nohide_banner a'),
    );
  });

  it.each(['-vsync 0 -i a b', '-i a -xerror b', '-i a b -noauto_conversion_filters', '-report -i a b'])(
    'gives up a core that ran %s',
    (args) => {
      expect(leavesOptions(words(args))).toBe(true);
    },
  );

  it.each([
    '-hide_banner -nostdin -nostats -y -copyts -start_at_zero -ss 1 -i a -map 0 -noautorotate -b:v 1M -x264opts x b',
    '-v error -filter_complex null -nostdin -i a -',
    '-h filter=scale',
  ])('keeps a core that ran %s', (args) => {
    expect(leavesOptions(words(args))).toBe(false);
  });

  it('leaves status lines to the log level where nobody asks for them', () => {
    expect(hidesStatus(words('-i a b'))).toBe(false);
    expect(hidesStatus(words('-v verbose -i a b'))).toBe(false);
    expect(hidesStatus(words('-v error -i a b'))).toBe(true);
    expect(hidesStatus(words('-v error -stats -i a b'))).toBe(false);
    expect(hidesStatus(words('-i a b -v'))).toBe(false);
    expect(
      isStatusLine('frame=  369 fps=0.0 q=2.6 size= 512kB time=00:00:14.72 bitrate= 284.9kbits/s speed=29x'),
    ).toBe(true);
    expect(isStatusLine('size=       4kB time=00:00:00.92 bitrate=  36.1kbits/s speed=49.1x    ')).toBe(true);
    expect(isStatusLine('frame=1: not found')).toBe(false);
  });
});
