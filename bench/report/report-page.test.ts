import { parseXml, XmlElement, type XmlNode } from '@rgrove/parse-xml';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BenchReport, BenchResult, Series } from '../report-format.ts';
import { summarize } from '../summarize.mjs';
import { madeReport } from './made-report.test-support.ts';
import { reportPage } from './report-page.mjs';

function elements(node: XmlNode | undefined): XmlElement[] {
  if (!(node instanceof XmlElement)) return [];
  return [node, ...node.children.flatMap((child) => elements(child as XmlNode))];
}

/** Throws where the page is not well-formed. */
function parsed(page: string): XmlElement[] {
  return elements(parseXml(page).root ?? undefined);
}

function reportInside(all: readonly XmlElement[]): unknown {
  return JSON.parse(all.find(({ attributes }) => attributes['id'] === 'report')!.text);
}

/** What a reader sees: without scripts and styles. */
const wordsOf = (all: readonly XmlElement[]): string => {
  const main = all.find(({ name }) => name === 'main')!;
  return main.text;
};

function withWords(words: string): BenchReport {
  const values = [1, 2, 3];
  const row = { group: words, label: words, values, summary: summarize(values) };
  const result: BenchResult = {
    name: words,
    title: words,
    browser: words,
    seconds: 1,
    notes: [words],
    series: [
      { ...row, id: 'a', unit: words, better: 'lower', params: { backend: 'native' } },
      { ...row, id: 'b', unit: words, better: 'lower', params: { backend: words } },
      { ...row, id: 'c', unit: words, better: 'lower', params: {}, values: [], absent: words },
    ],
    ratios: [{ ...row, id: 'r', ours: 'a', theirs: 'b', against: 'peer', required: 4, goal: 5 }],
    fits: [
      {
        id: 'f',
        label: words,
        x: { label: words, unit: words },
        y: { label: words, unit: words },
        points: [{ x: 1, y: 2, label: words }],
        slope: 1,
        offset: 1,
        r2: 1,
      },
    ],
    timelines: [
      {
        id: 't',
        label: words,
        lanes: [{ kind: 'dnn', label: words }],
        spans: [{ lane: 0, start: 1, end: 2 }],
      },
    ],
    roofline: [{ label: words, build: words, intensity: 1, rate: 1, peakRate: 2 }],
  };
  return {
    ...madeReport(),
    command: words,
    machine: { ...madeReport().machine, cpu: words, os: words },
    versions: { [words]: words },
    browsers: [
      { name: 'chromium', version: words, webgpu: words },
      { name: 'firefox', absent: words },
    ],
    results: [result],
  };
}

describe('reportPage', () => {
  test('is well-formed, fetches nothing, and has no id twice', () => {
    const page = reportPage(madeReport());
    const all = parsed(page);
    const ids = all.flatMap(({ attributes }) => attributes['id'] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { name, attributes } of all) {
      expect(attributes['src']).toBeUndefined();
      expect(['link', 'img', 'iframe']).not.toContain(name);
      if (attributes['href']?.startsWith('#')) expect(ids).toContain(attributes['href'].slice(1));
      for (const reference of ['aria-labelledby', 'aria-describedby'])
        if (attributes[reference] !== undefined) expect(ids).toContain(attributes[reference]);
    }
    expect(page).not.toMatch(/@import|url\(|style="/);
  });

  test('names every row, ratio, fit, lane and kernel, and holds the report itself', () => {
    const report = madeReport();
    const all = parsed(reportPage(report));
    const words = wordsOf(all);
    for (const { series, ratios, fits, timelines, roofline, notes } of report.results)
      for (const label of [
        ...[...series, ...ratios, ...fits, ...timelines, ...roofline].map((one) => one.label),
        ...timelines.flatMap(({ lanes }) => lanes.map((lane) => lane.label)),
        ...series.flatMap(({ absent }) => absent ?? []),
        ...notes,
      ])
        expect(words).toContain(label);
    expect(reportInside(all)).toEqual(report);
  });

  test('closes the table behind a plot, and says beside the plot what it cannot show', () => {
    const page = reportPage(madeReport());
    const series = madeReport().results.flatMap((result) => result.series);
    const [absent] = series.filter(({ summary }) => summary === undefined);
    expect(page).toContain(`Not measured: ${absent!.label} (${absent!.absent}).`);
    const { group } = absent!;
    const drawn = series.filter((one) => one.group === group && one.summary !== undefined).length;
    expect(drawn).toBeGreaterThan(1);
    const table = page.indexOf(`<caption>${group}</caption>`);
    expect(page.lastIndexOf('<details>', table)).toBeGreaterThan(page.lastIndexOf('</details>', table));
  });

  test.each(['</script><script>alert(1)</script>', '<b>&amp;"\'', ']]><!--', '\u0000\u001b[31m\ud800\uffff'])(
    'takes %j for words everywhere',
    (words) => {
      const report = withWords(words);
      const page = reportPage(report);
      const all = parsed(page);
      expect(reportInside(all)).toEqual(report);
      expect(all.filter(({ name }) => name === 'script')).toHaveLength(2);
      expect(all.filter(({ name }) => name === 'b')).toHaveLength(0);
    },
  );

  test('takes any words for words', () => {
    const some = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(some, (words) => {
        const all = parsed(reportPage(withWords(words)));
        expect(reportInside(all)).toEqual(withWords(words));
      }),
      { numRuns: 30 },
    );
  });

  test('says where we lose: ratios below 1 against peers, and missed bounds', () => {
    const report = madeReport();
    const all = parsed(reportPage(report));
    const losses = all.find(
      ({ name, attributes }) => name === 'section' && attributes['aria-labelledby'] === 'where-we-lose',
    )!.text;
    for (const { ratios } of report.results)
      for (const { group, label, summary, against, required = 0, goal = 0 } of ratios) {
        const lost = (against === 'peer' && summary.median < 1) || summary.median < Math.max(required, goal);
        expect(losses.includes(`${group}: ${label}`)).toBe(lost);
      }
    expect(losses).toContain('✗ missed');
    expect(losses).toContain('▼ behind');
  });

  test('names rows that miss what is asked of them, at most or at least', () => {
    const [result] = madeReport().results.filter(({ name }) => name === 'page');
    const [missed, required, reached] = result!.series;
    const lossesOf = (series: readonly Series[]): string =>
      parsed(reportPage({ ...madeReport(), results: [{ ...result!, series }] })).find(
        ({ name, attributes }) => name === 'section' && attributes['aria-labelledby'] === 'where-we-lose',
      )!.text;
    const losses = lossesOf([missed!, required!, reached!]);
    expect(losses).toContain('2 of 3 rows with a bound of their own miss it.');
    expect(losses).toMatch(
      /a gap of 81.*≤ 50\.0 ✗ missed.*≤ 16\.0 ✗ missed.*a gap of 40.*≤ 50\.0 ✓ reached/s,
    );
    expect(losses).not.toContain('a gap of 12');
    expect(lossesOf([reached!])).toContain('No bound is missed.');
    expect(lossesOf([{ ...reached!, better: 'higher' }])).toMatch(/a gap of 12.*≥ 50\.0 ✗ missed/s);
  });

  test('says so where nothing is lost, and where nothing was measured', () => {
    const words = wordsOf(parsed(reportPage({ ...madeReport(), results: [] })));
    expect(words).toContain('No ratio against a peer is below 1.');
    expect(words).toContain('No ratios were measured.');
  });

  test('draws thousands of spans in a few kilobytes', () => {
    const report = madeReport();
    const lanes = [{ kind: 'dnn', label: 'worker' }] as const;
    const spans = Array.from({ length: 50_000 }, (_, index) => ({
      lane: 0,
      start: 3 * index,
      end: 3 * index + 2,
    }));
    const timelines = [{ id: 't', label: 'long', lanes, spans }];
    const result = { ...report.results[1]!, timelines };
    const svg = /<svg class="plot rows".*?<\/figure>/s.exec(reportPage({ ...report, results: [result] }))![0];
    expect(svg.length).toBeLessThan(20_000);
    expect(svg).toContain('busy 67 %');
  });
});
