/** What the pipeline adds to the stage that takes longest. */
import { spread } from './figures.mjs';
import { runJob } from './run-job.mjs';
import { ratioOf, seriesOf } from './series.mjs';

/** @typedef {import('./bench-context.ts').BenchContext} BenchContext */
/** @typedef {import('../src/workers/pipeline-api.ts').JobStats} JobStats */

/** A job may take a tenth longer than its slowest stage. */
const aim = { required: 1 / 1.1, goal: 1 / 1.04 };

/**
 * @param {BenchContext} context
 * @returns {Promise<import('./report-format.ts').BenchResult>}
 */
export async function overhead({ material, rounds, seconds, mode, browser, log }) {
  const started = performance.now();
  const input = await material.input({ full: seconds, quick: 1, smoke: 0.2 }[mode], 25);
  const jobs = [
    {
      id: 'inference',
      title: 'inference dominates (ESPCN, libx264 ultrafast)',
      chain: material.espcn,
      preset: 'ultrafast',
    },
    {
      id: 'encoding',
      title: 'encoding dominates (Anime4K-S, libx264 slower)',
      chain: material.anime4k,
      preset: 'slower',
    },
  ].slice(0, mode === 'smoke' ? 1 : 2);
  /** @type {Map<string, JobStats[]>} */
  const stats = new Map(jobs.map(({ id }) => [id, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { id, chain, preset } of jobs) {
      const args = [...input, '-vf', chain, '-an', '-c:v', 'libx264', '-preset', preset, 'out.mp4'];
      stats.get(id)?.push((await runJob(args, material.folder)).stats);
    }
  }
  const rows = jobs.map(({ id, title }) => overheadRows(id, title, stats.get(id) ?? []));
  for (const { series, ratios } of rows) {
    for (const { group, label, values, unit } of series)
      log(`  ${`${group}: ${label}`.padEnd(84)} ${spread(values, 2, unit)}`);
    for (const { label, values } of ratios)
      log(
        `  ${label.padEnd(84)} ${spread(
          values.map((value) => 100 / value - 100),
          1,
          '%',
        )}   required ≤ 10 %, goal ≤ 4 %`,
      );
  }
  return {
    name: 'overhead',
    title: 'What the pipeline adds',
    browser,
    seconds: (performance.now() - started) / 1000,
    notes: [
      'A job from its first decoded frame to its closed output, against the seconds in which its busiest stage worked: 1 would be no overhead, 0.909 is a tenth more.',
    ],
    series: rows.flatMap(({ series }) => series),
    ratios: rows.flatMap(({ ratios }) => ratios),
    fits: [],
    timelines: [],
    roofline: [],
  };
}

/**
 * @param {string} id
 * @param {string} title
 * @param {readonly JobStats[]} jobs a round
 */
function overheadRows(id, title, jobs) {
  const row = { group: title, unit: 's', params: { job: id } };
  const whole = seriesOf({
    ...row,
    id: `overhead/${id}/job`,
    label: 'the job',
    values: jobs.map(({ seconds }) => seconds),
  });
  const busiest = seriesOf({
    ...row,
    id: `overhead/${id}/busiest-stage`,
    label: 'its busiest stage at work',
    values: jobs.map(({ stages }) => Math.max(...stages.map((stage) => stage.seconds_busy))),
  });
  const before = seriesOf({
    ...row,
    id: `overhead/${id}/before`,
    label: 'before the first frame',
    values: jobs.map(({ seconds_load }) => seconds_load),
  });
  const label = `${title}: busiest stage against the job`;
  const ratios = ratioOf(whole, busiest, {
    id: `overhead/${id}/share`,
    label,
    group: title,
    against: 'own',
    ...aim,
  });
  return { series: [whole, busiest, before], ratios };
}
