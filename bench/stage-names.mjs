/** What the stages of a job are called in a report, by their kinds. */

/** @typedef {import('../src/workers/pipeline-api.ts').StageStats['kind']} StageKind */

/**
 * The workers of a stage are named by its kind alone. An ffmpeg does what no other stage does: where the
 * browser decodes it only cuts the input into packets, where the browser encodes it only writes them.
 *
 * @param {readonly StageKind[]} kinds of a job's stages, in the order of the data
 * @returns {string[]}
 */
export function stageNames(kinds) {
  const frames = kinds.findIndex((kind) => kind === 'decode' || kind === 'dnn');
  const encoder = kinds.lastIndexOf('encode');
  const last = kinds.length - 1;
  return kinds.map((kind, index) => {
    if (kind === 'dnn') return 'inference';
    if (kind !== 'ffmpeg') return `the browser ${kind}s`;
    if (index < frames) return kinds[frames] === 'decode' ? 'demux' : 'decode';
    if (index < last) return 'filter';
    return encoder === -1 ? 'encode' : 'mux';
  });
}
