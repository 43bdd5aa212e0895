/** The colour tags of a video frame, as another frame has to have them to be drawn alike. */

/** VideoColorSpaceInit with every word that engines know. */
export interface ColorTags {
  readonly primaries?: string | null;
  readonly transfer?: string | null;
}

const bt2020Curve = { transfer: 'bt709' } as const;

/**
 * The tags as they are, but for the curves of BT.2020 (`bt2020-10`, `bt2020-12`), which WebCodecs has no word
 * for: they are that of BT.709 (ITU-R BT.2020-2, table 4). Where a tag is missing, Chromium leaves the
 * primaries as they are, though it converted those of the frame itself.
 */
export function colorsOf<Tags extends ColorTags>(tags: Tags): Tags | (Tags & typeof bt2020Curve) {
  const { primaries, transfer = null } = tags;
  return primaries === 'bt2020' && transfer === null ? { ...tags, ...bt2020Curve } : tags;
}
