/** A job that this project and others do in turn. */
import { ratioOf, seriesOf } from './series.mjs';

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {string} label
 * @property {number} frames of a run; the cost is given for one
 * @property {() => Promise<{ seconds: number }>} run
 * @property {import('./report-format.ts').Ratio['against']} [against] `own` where it tells the machine's
 * cost, and does not do the same job
 * @property {number} [required] at least so many times as fast the first one has to be
 * @property {number} [goal] likewise
 */

/**
 * @typedef {object} Absentee
 * @property {string} name
 * @property {string} label
 * @property {string} absent why it does not run
 */

/**
 * @typedef {object} ContestRows
 * @property {import('./report-format.ts').Series[]} series
 * @property {import('./report-format.ts').Ratio[]} ratios
 */

/**
 * Runs all of them round by round; the first run of each stands apart. One that fails is absent from then on.
 *
 * @param {{ place: string, group: string, rounds: number, log: (line: string) => void }}
 * options place in the report's ids
 * @param {readonly (Contestant | Absentee)[]} contestants the first is this project's
 * @returns {Promise<ContestRows>}
 * @throws {Error} where this project's own job fails
 */
export async function runContest({ place, group, rounds, log }, contestants) {
  /** @type {Map<string, { first?: number, values: number[], absent?: string }>} */
  const results = new Map();
  const [ours] = contestants;
  for (let round = -1; round < rounds; round++) {
    for (const contestant of contestants) {
      const { name } = contestant;
      const result = results.get(name) ?? { values: [] };
      results.set(name, result);
      if ('absent' in contestant) result.absent = contestant.absent;
      if (result.absent !== undefined || !('run' in contestant)) continue;
      try {
        const ms = (1000 * (await contestant.run()).seconds) / contestant.frames;
        if (round < 0) result.first = ms;
        else result.values.push(ms);
      } catch (error) {
        if (contestant === ours) throw error;
        result.absent = error instanceof Error ? error.message : String(error);
      }
    }
  }
  const series = contestants.map((contestant) => {
    const { name, label } = contestant;
    const result = results.get(name) ?? { values: [] };
    log(`  ${label.padEnd(60)} ${result.absent ?? `${result.values.at(-1)?.toFixed(1)} ms a frame`}`);
    const params = { contestant: name, ...('frames' in contestant ? { frames: contestant.frames } : {}) };
    return seriesOf({ id: `${place}/${name}`, label, group, unit: 'ms a frame', params, ...result });
  });
  const [own, ...others] = series;
  const ratios = others.flatMap((theirs, index) => {
    const id = `${place}/${ours?.name ?? ''}-against-${String(theirs.params['contestant'])}`;
    const contestant = contestants[index + 1];
    const { against, required, goal } = contestant !== undefined && 'run' in contestant ? contestant : {};
    const row = {
      id,
      label: `against ${theirs.label}`,
      group,
      ...(against === undefined ? {} : { against }),
      ...(required === undefined ? {} : { required }),
      ...(goal === undefined ? {} : { goal }),
    };
    return own === undefined ? [] : ratioOf(own, theirs, row);
  });
  return { series, ratios };
}
