import { describe, expect, it } from 'vitest';
import { parseCommand } from '../command/command.ts';
import { planCommand, type Plan } from '../command/plan.ts';
import {
  followedCommand,
  followedLog,
  followedWords,
  isMovieOutput,
  withFlushedMovies,
} from './follow-packets.ts';

const words = (text: string): string[] => text.split(' ');

function planOf(line: string): Plan {
  const result = planCommand(parseCommand(words(line)), { isOwnFilter: ({ name }) => name.text === 'sr' });
  if (result.kind !== 'dnn') throw new Error('not planned');
  return result.plan;
}

describe('the packets of an encode stage', () => {
  it.each(['o.mp4', 'o.MOV', 'o.m4a', 'o.3gp', '-f mp4 o', '-f ipod -', 'a.b/o.f4v'])(
    'are told for %s',
    (output) => {
      expect(isMovieOutput(parseCommand(words(`-i a ${output}`)).outputs[0]!)).toBe(true);
    },
  );

  it.each(['o.mkv', 'mp4', '-f matroska o.mp4', '-f null -', 'o.mp4.png'])(
    'are not told for %s',
    (output) => {
      expect(isMovieOutput(parseCommand(words(`-i a ${output}`)).outputs[0]!)).toBe(false);
    },
  );

  it('are written one by one to mp4 files alone', () => {
    const plan = withFlushedMovies(planOf('-i a -vf sr -b:v 1M o.mp4 -map 0:a o.ogg'))!;
    expect(plan.command.outputs.map(({ options }) => options.flatMap((option) => option.words))).toEqual([
      words('-vf sr -b:v 1M -flush_packets 1'),
      words('-map 0:a'),
    ]);
    expect(plan.chains[0]!.filterOption).toBe(plan.command.outputs[0]!.options[0]);
    expect(withFlushedMovies(planOf('-i a -vf sr o.mkv'))).toBeUndefined();
  });

  it('are told at any level of the log', () => {
    expect(followedWords(words('-i a o.mp4'))).toEqual(words('-debug_ts -i a o.mp4'));
    expect(followedWords(words('-v verbose -i a o.mp4'))).toEqual(words('-debug_ts -v verbose -i a o.mp4'));
    expect(followedWords(words('-v error -loglevel repeat+16 -i a o.mp4'))).toEqual(
      words('-debug_ts -v level+info -loglevel repeat+level+info -i a o.mp4'),
    );
  });

  it('do not change what the user sees', () => {
    const log = (line: string) => followedLog(parseCommand(words(line)));
    expect(log('-i a o.mp4')).toEqual({ showsPackets: false });
    expect(log('-debug_ts -v debug -i a o.mp4')).toEqual({ showsPackets: true });
    expect(log('-v quiet -i a o.mp4')).toEqual({
      showsPackets: false,
      addedLevel: { shown: 'quiet', isKept: false },
    });
    expect(log('-loglevel level+warning -i a o.mp4').addedLevel).toEqual({ shown: 'warning', isKept: true });
  });

  it('of a command without DNN filters are told, and its first moments give the index', () => {
    const following = followedCommand(words('-y -i a -t 9 -map 0 o.mp4 -map 0:a -f wav -- -o.wav'))!;
    expect(following.args).toEqual(
      words('-debug_ts -y -i a -t 9 -map 0 -flush_packets 1 o.mp4 -map 0:a -f wav -- -o.wav'),
    );
    expect(following.shortArgs).toEqual(
      words('-y -i a -t 9 -map 0 -t 0.5 o.mp4 -map 0:a -f wav -t 0.5 -- -o.wav'),
    );
    expect(followedCommand(words('-i a -- -o.mp4'))!.args).toEqual(
      words('-debug_ts -i a -flush_packets 1 -- -o.mp4'),
    );
    expect(followedCommand(words('-i a -metadata -- o.mp4'))!.args).toEqual(
      words('-debug_ts -i a -metadata -- -flush_packets 1 o.mp4'),
    );
    expect(followedCommand(words('-i a o.mkv'))).toBeUndefined();
    expect(followedCommand(words('-h o.mp4'))).toBeUndefined();
  });

  it.each([
    ['-i a o.mp4', false],
    ['-v error -i a o.mp4', true],
    ['-v error -stats -i a o.mp4', false],
  ])("leave ffmpeg's status of %s to the user's words", (line, hidesStatus) => {
    expect(followedCommand(words(line))!.followed).toMatchObject({ hidesStatus });
  });
});
