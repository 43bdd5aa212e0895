/** What was run: machine, browsers, versions. */
import { text } from './escape.mjs';
import { packageLinks } from './package-links.mjs';
import { tableHtml } from './table.mjs';

/** @typedef {import('../report-format.ts').BenchReport} BenchReport */
/** @typedef {import('../report-format.ts').BrowserRecord} BrowserRecord */

/** Above this, others took a noticeable part of the machine. */
const quietLoad = 0.5;

/** @param {boolean | undefined} has */
const yesNo = (has) => (has === undefined ? 'not asked' : has ? 'yes' : 'no');

/** @param {BrowserRecord} browser @returns {string[]} cells as HTML */
function browserRow({ name, version, absent, simd, relaxedSimd, threads, webgpu, webgl }) {
  if (absent !== undefined) return [text(name), `not measured: ${text(absent)}`, '–', '–', '–', '–', '–'];
  return [
    text(name),
    text(version ?? 'of unknown version'),
    ...[simd, relaxedSimd, threads].map(yesNo),
    ...[webgpu, webgl].map((adapter) => text(adapter ?? 'no adapter')),
  ];
}

/**
 * @param {BenchReport} report
 * @returns {import('./page-section.mjs').Section}
 */
export function runSection({ made, quick, command, machine, browsers, versions, results }) {
  const { cpu, cores, memoryGiB, os, node, load } = machine;
  const busy = load > quietLoad;
  const facts = [
    ['Command', `<code>${text(command)}</code>`],
    [
      'Made',
      `<time datetime="${text(made)}">${text(made.replace('T', ' ').replace(/\.\d+Z$/, ' UTC'))}</time>`,
    ],
    [
      'Kind',
      quick
        ? 'quick: few rounds, for a first look; run it without <code>--quick</code> for figures to rely on'
        : 'full',
    ],
    ['Processor', `${text(cpu)}, ${cores} cores`],
    ['Memory', `${memoryGiB.toFixed(1)} GiB`],
    ['System', `${text(os)}, Node ${text(node)}`],
    [
      'Load before',
      `${load.toFixed(2)} ${busy ? '<strong class="bad">▼ other programs were running: the figures mean little</strong>' : '(quiet)'}`,
    ],
    [
      'Took',
      `${results.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(0)} s in ${results.length} benchmarks`,
    ],
  ];
  return {
    title: 'What was run',
    html: [
      `<dl>${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>`,
      tableHtml({
        caption: 'Browsers',
        titles: ['browser', 'version', 'SIMD', 'relaxed SIMD', 'threads', 'WebGPU', 'WebGL'],
        rows: browsers.map(browserRow),
      }),
      tableHtml({
        caption: 'Versions',
        titles: ['package', 'version', 'links'],
        rows: Object.entries(versions).map(([name, version]) => [
          text(name),
          text(version),
          packageLinks(name, version),
        ]),
      }),
    ].join('\n'),
  };
}
