/** Reads what `-dnn_timeline` wrote, Chrome's Trace Event format, into the report's form. */

/** @typedef {import('./report-format.ts').StageTimeline} StageTimeline */

/**
 * @typedef {object} TraceEvent
 * @property {string} ph `X` for a span, `M` for a name
 * @property {string} name
 * @property {number} [tid] lane
 * @property {string} [cat] of a lane's name: the kind of its stage
 * @property {number} [ts] microseconds
 * @property {number} [dur] microseconds
 * @property {{ name?: string }} [args]
 */

/**
 * @param {string} text of the file
 * @param {{ id: string, label: string }} row
 * @returns {StageTimeline} its lanes in the order of the file's thread numbers
 * @throws {Error} for a file without spans, or with spans of a lane that has no name
 */
export function traceTimeline(text, row) {
  /** @type {unknown} */
  const parsed = JSON.parse(text);
  const events = /** @type {TraceEvent[]} */ (
    Array.isArray(parsed) ? parsed : /** @type {{ traceEvents: TraceEvent[] }} */ (parsed).traceEvents
  );
  const named = events
    .filter(({ ph, name }) => ph === 'M' && name === 'thread_name')
    .sort((a, b) => (a.tid ?? 0) - (b.tid ?? 0));
  const spans = events
    .filter(({ ph }) => ph === 'X')
    .map(({ tid, ts = NaN, dur = 0 }) => {
      const lane = named.findIndex((name) => name.tid === tid);
      if (lane < 0) throw new Error(`The timeline has a span of thread ${tid}, which has no name.`);
      return { lane, start: ts / 1000, end: (ts + dur) / 1000 };
    });
  if (spans.length === 0) throw new Error('The timeline of the job has no spans.');
  const lanes = named.map(({ cat, args }) => ({
    kind: cat === 'dnn' ? /** @type {const} */ ('dnn') : /** @type {const} */ ('ffmpeg'),
    label: args?.name ?? '',
  }));
  return { ...row, lanes, spans };
}
