/** The filters of FFmpeg 5.1 with more than one input or output; any other filter has at most one of each. */
import { parseFilterOptions } from './filter-options.ts';
import type { FilterNode } from './filtergraph.ts';

/** What an output carries. */
export type PadMedia = 'video' | 'audio';

const fixedInputs = new Map<string, number>();
const addFixed = (count: number, names: string): void => {
  for (const name of names.trim().split(/\s+/)) fixedInputs.set(name, count);
};
addFixed(
  2,
  `acrossfade amultiply anlmf anlms asdr axcorrelate sidechaincompress sidechaingate alphamerge blend convolve
  deconvolve framepack freezeframes haldclut hysteresis identity lut2 maskedthreshold midequalizer morpho msad
  multiply overlay paletteuse premultiply psnr scale2ref spectrumsynth ssim unpremultiply varblur vif xcorrelate
  xfade afir limitdiff headphone feedback`,
);
addFixed(3, 'colormap displace maskedclamp maskedmax maskedmerge maskedmin remap');
addFixed(4, 'threshold');

/** The option that says how many inputs (or outputs) there are; it is the filter's first one. */
const countedInputs = new Map<string, string>();
for (const name of 'hstack vstack xstack mix xmedian amix amerge join streamselect astreamselect'.split(
  ' ',
)) {
  countedInputs.set(name, 'inputs');
}
for (const name of ['interleave', 'ainterleave']) countedInputs.set(name, 'nb_inputs');

/** The value of an option by its name, a second name, or its place among the values without a name. */
function optionOf(node: FilterNode, index: number, ...names: readonly string[]): string | undefined {
  const assignments = node.args === undefined ? [] : parseFilterOptions(node.args);
  const named = assignments.findLast(({ key }) => key !== undefined && names.includes(key.text));
  return (named ?? assignments.filter(({ key }) => key === undefined)[index])?.value.text;
}

const countOf = (text: string | undefined, otherwise: number): number => {
  const count = Number(text ?? otherwise);
  return Number.isInteger(count) && count >= 0 ? count : otherwise;
};

/** Number of a filter's input pads. Sources, which have none, are not known here: they count as 1. */
export function inputCount(node: FilterNode): number {
  const name = node.name.text;
  const option = countedInputs.get(name);
  if (option !== undefined)
    return countOf(optionOf(node, 0, option, option === 'nb_inputs' ? 'n' : option), 2);
  if (name === 'concat') {
    const { segments, video, audio } = concatCounts(node);
    return segments * (video + audio);
  }
  if (name.endsWith('premultiply') && countOf(optionOf(node, 1, 'inplace'), 0) === 1) return 1;
  return fixedInputs.get(name) ?? 1;
}

function concatCounts(node: FilterNode): { segments: number; video: number; audio: number } {
  return {
    segments: countOf(optionOf(node, 0, 'n'), 2),
    video: countOf(optionOf(node, 1, 'v'), 1),
    audio: countOf(optionOf(node, 2, 'a'), 0),
  };
}

const repeated = (media: PadMedia, count: number): PadMedia[] => Array.from({ length: count }, () => media);

/** What each output of a filter carries. Of a filter with one output this is `video`, whatever it is. */
export function outputMedia(node: FilterNode): readonly PadMedia[] {
  const name = node.name.text;
  switch (name) {
    case 'split':
      return repeated('video', countOf(optionOf(node, 0, 'outputs'), 2));
    case 'asplit':
      return repeated('audio', countOf(optionOf(node, 0, 'outputs'), 2));
    case 'select':
      return repeated('video', countOf(optionOf(node, 1, 'outputs', 'n'), 1));
    case 'aselect':
      return repeated('audio', countOf(optionOf(node, 1, 'outputs', 'n'), 1));
    case 'concat': {
      const { video, audio } = concatCounts(node);
      return [...repeated('video', video), ...repeated('audio', audio)];
    }
    case 'movie':
    case 'amovie': {
      const streams = optionOf(node, Infinity, 'streams', 's') ?? (name === 'movie' ? 'dv' : 'da');
      return streams.split('+').map((stream) => (/^d?a/.test(stream.trim()) ? 'audio' : 'video'));
    }
    case 'extractplanes':
      return repeated('video', (optionOf(node, 0, 'planes') ?? 'r').split('+').length);
    case 'segment':
    case 'asegment': {
      const marks = optionOf(node, 0, 'timestamps', 'frames', 'samples') ?? '';
      return repeated(name === 'segment' ? 'video' : 'audio', marks.split('|').length + 1);
    }
    case 'scale2ref':
    case 'feedback':
      return repeated('video', 2);
    case 'ebur128':
      return countOf(optionOf(node, 0, 'video'), 0) === 1 ? ['video', 'audio'] : ['audio'];
    case 'aphasemeter':
      return countOf(optionOf(node, Infinity, 'video'), 1) === 1 ? ['audio', 'video'] : ['audio'];
    case 'avsynctest':
      return ['audio', 'video'];
    case 'channelsplit':
    case 'acrossover':
      return repeated('audio', Math.max(1, node.outputs.length));
    default:
      return repeated('video', Math.max(1, node.outputs.length));
  }
}
