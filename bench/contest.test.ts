import { expect, it } from 'vitest';
import { runContest, type Contestant } from './contest.mjs';

const options = { place: 'p', group: 'g', rounds: 2, log: () => undefined };

function contestant(name: string, seconds: readonly number[]): Contestant {
  let run = 0;
  return {
    name,
    label: name,
    frames: 10,
    run: () => {
      const next = seconds[run++];
      return next === undefined
        ? Promise.reject(new Error(`${name} failed`))
        : Promise.resolve({ seconds: next });
    },
  };
}

it('gives costs for a frame, with the first run apart, and ratios round by round', async () => {
  const { series, ratios } = await runContest(options, [
    contestant('ours', [9, 1, 2]),
    contestant('theirs', [9, 4, 4]),
  ]);
  expect(series.map(({ first, values }) => [first, values])).toEqual([
    [900, [100, 200]],
    [900, [400, 400]],
  ]);
  expect(ratios.map(({ id, values }) => [id, values])).toEqual([['p/ours-against-theirs', [4, 2]]]);
});

it('says why another project has no values, and goes on', async () => {
  const missing = { name: 'missing', label: 'missing', absent: 'not installed' };
  const { series } = await runContest(options, [
    contestant('ours', [1, 1, 1]),
    contestant('bad', []),
    missing,
  ]);
  expect(series.map(({ absent }) => absent)).toEqual([undefined, 'bad failed', 'not installed']);
});

it('fails where this project fails', async () => {
  await expect(runContest(options, [contestant('ours', [1])])).rejects.toThrow('ours failed');
});
