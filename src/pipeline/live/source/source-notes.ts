/** What filters do not get to see of a source, in words for the log. */

/** A frame as it came, and whether filters run on its luma. */
export interface SourceKind {
  /** Of its colours, as VideoColorSpace has it. */
  readonly transfer?: string | null | undefined;
  readonly hasTransparency: boolean;
  readonly isLuma: boolean;
}

const hdrTransfers = new Map([
  ['pq', 'PQ'],
  ['hlg', 'HLG'],
]);

/** One line for each thing; none for an opaque frame of the usual range. */
export function sourceNotes({ transfer, hasTransparency, isLuma }: SourceKind): string[] {
  const hdr = hdrTransfers.get(transfer ?? '');
  const seen = isLuma
    ? 'networks of luma run on its HDR values as they are, which they were hardly trained on'
    : 'filters get the sRGB that this browser draws of it, and what is brighter or more colourful is lost';
  return [
    ...(hdr === undefined ? [] : [`The source is HDR (${hdr}): ${seen}.`]),
    ...(hasTransparency
      ? [
          'The source is transparent in parts: filters get its colours as they are stored, and alpha is dropped.',
        ]
      : []),
  ];
}
