/** Reads what `-dnn_timeline` wrote, Chrome's Trace Event format, into the report's form. */

/** @typedef {import('./report-format.ts').StageTimeline} StageTimeline */

/**
 * @typedef {object} TraceEvent
 * @property {string} ph `X` for a span, `M` for a name
 * @property {string} name
 * @property {number} tid lane
 * @property {string} [cat]
 * @property {number} [ts] microseconds
 * @property {number} [dur] microseconds
 * @property {{ name?: string }} [args]
 */

/**
 * @param {string} text of the file
 * @param {{ id: string, label: string }} row
 * @returns {StageTimeline}
 * @throws {Error} for a file without spans
 */
export function traceTimeline(text, row) {
  /** @type {unknown} */
  const parsed = JSON.parse(text);
  const events = /** @type {TraceEvent[]} */ (
    Array.isArray(parsed) ? parsed : /** @type {{ traceEvents: TraceEvent[] }} */ (parsed).traceEvents
  );
  const labels = new Map(
    events
      .filter(({ ph, name }) => ph === 'M' && name === 'thread_name')
      .map(({ tid, args }) => [tid, args?.name ?? `lane ${tid}`]),
  );
  const lanes = [...labels.keys()].sort((a, b) => a - b);
  const spans = events.flatMap(({ ph, tid, ts = NaN, dur = 0 }) =>
    ph === 'X' ? [{ lane: lanes.indexOf(tid), start: ts / 1000, end: (ts + dur) / 1000 }] : [],
  );
  if (spans.length === 0) throw new Error('The timeline of the job has no spans.');
  return {
    ...row,
    lanes: lanes.map((tid) => {
      const label = labels.get(tid) ?? '';
      return { kind: /worker|dnn|sr\b|derain/.test(label) ? 'dnn' : 'ffmpeg', label };
    }),
    spans,
  };
}
