/** Where the time of this project's job goes: what each stage worked and waited, for a frame. */
import { seriesOf } from './series.mjs';
import { stageNames } from './stage-names.mjs';

/** @typedef {import('../src/workers/pipeline-api.ts').JobStats} JobStats */

/**
 * @param {string} place of the job in the report's ids
 * @param {string} group
 * @param {readonly JobStats[]} jobs one a round
 */
export function stageRows(place, group, jobs) {
  const stages = jobs[0]?.stages ?? [];
  const names = stageNames(stages.map(({ kind }) => kind));
  return stages.flatMap(({ kind, filter, nireq }, index) => {
    const workers = nireq === undefined ? '' : `, ${nireq} request${nireq === 1 ? '' : 's'} at a time`;
    const stage = names[index] ?? kind;
    const label = `${stage}${workers}`;
    const perFrame = (/** @type {(stats: JobStats['stages'][number]) => number} */ seconds) =>
      jobs.map((stats) => {
        const own = stats.stages[index];
        return own === undefined ? NaN : (1000 * seconds(own)) / own.frames;
      });
    const row = { group: `${group}: where its time goes`, unit: 'ms a frame', params: { stage, filter } };
    return [
      seriesOf({
        ...row,
        id: `${place}/${index}-${stage.replaceAll(' ', '-')}-working`,
        label: `${label}: working`,
        values: perFrame(({ seconds_busy }) => seconds_busy),
      }),
      seriesOf({
        ...row,
        id: `${place}/${index}-${stage.replaceAll(' ', '-')}-waiting`,
        label: `${label}: waiting for its neighbours`,
        values: perFrame(({ seconds_wall, seconds_busy }) => Math.max(0, seconds_wall - seconds_busy)),
      }),
    ];
  });
}
