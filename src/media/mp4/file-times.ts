/** The times of samples as they are in the file. */
import { editStart } from './edit-list.ts';
import type { MediaSample } from './media-sample.ts';
import type { MovieTemplate } from './movie-template.ts';

type Samples = readonly (readonly MediaSample[])[];

/**
 * ffmpeg tells the times that a muxer gets. Where a file can have none below zero (f4v, `-use_editlist 0`,
 * `-avoid_negative_ts`), libavformat/mux.c moves all tracks by what the first packet lacks. The template,
 * whose tracks begin alike, shows whether it did.
 */
export function timesInFile(template: MovieTemplate, samples: Samples): Samples {
  const { tracks } = template;
  const used = tracks.map((_, index) => index).filter((index) => samples[index]!.length > 0);
  if (used.every((index) => tracks[index]!.editStart === undefined)) {
    return moved(template, samples).map(fromZero);
  }
  const fits = (candidate: Samples): boolean => used.every((index) => beginsAs(template, index, candidate));
  const later = fits(samples) ? samples : moved(template, samples);
  return fits(later) ? later : samples;
}

function beginsAs({ tracks, timeScale }: MovieTemplate, index: number, samples: Samples): boolean {
  const track = tracks[index]!;
  if (track.editStart === undefined) return true;
  const { delay, mediaTime } = editStart(samples[index]!, track.timeScale, timeScale);
  return track.editStart.mediaTime === mediaTime && track.editStart.delay === Math.max(0, delay);
}

/** All tracks later or earlier by so much that the first sample of the file is decoded at zero. */
function moved({ tracks }: MovieTemplate, samples: Samples): Samples {
  const firsts = samples.map((track) => track[0]?.offset ?? Infinity);
  const first = firsts.indexOf(Math.min(...firsts));
  const lacking = -(samples[first]?.[0]?.dts ?? 0);
  const from = tracks[first]?.timeScale ?? 1;
  return samples.map((track, index) => {
    const by = Math.ceil((lacking * tracks[index]!.timeScale) / from);
    return track.map((sample) => ({ ...sample, dts: sample.dts + by, pts: sample.pts + by }));
  });
}

/** Without an edit list a track cannot begin late: its first sample lasts longer. */
function fromZero(samples: readonly MediaSample[]): readonly MediaSample[] {
  return samples.map((sample, index) =>
    index > 0 ? sample : { ...sample, dts: 0, pts: sample.pts - sample.dts },
  );
}
