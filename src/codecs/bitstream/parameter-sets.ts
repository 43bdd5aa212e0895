/**
 * The parameter sets that the first picture of a stream refers to, in H.264 and H.265 alike: its slice names
 * a picture parameter set, and that one a sequence parameter set.
 */
import { DnnError } from '../../base/errors.ts';
import { BitReader } from './bit-reader.ts';
import type { NalUnit } from './nal-units.ts';

/** What differs between the two codecs. */
export interface NalSyntax<Sps> {
  /** `H.264`. */
  readonly codec: string;
  /** Bytes of a NAL unit's header. */
  readonly headerBytes: number;
  kindOf(unit: NalUnit): 'sps' | 'pps' | 'slice' | 'other';
  readSps(bits: BitReader): Sps & { readonly id: number };
  /** The id of the picture parameter set, at the beginning of a slice. */
  readSlicePpsId(bits: BitReader, unit: NalUnit): number;
}

/** Where NAL units come from: `extradata`, `packet`. */
export interface UnitSource {
  readonly name: string;
  readonly units: Iterable<NalUnit>;
}

/** The first picture. */
export interface FirstPicture<Sps> {
  readonly sps: Sps;
  /** Its first slice; undefined where the packet has none. */
  readonly slice: NalUnit | undefined;
  /** Sources of the parameter sets that the slice refers to; undefined where one is missing. */
  readonly sources: ReadonlySet<string> | undefined;
}

/**
 * Reads the sources one after another up to the first slice.
 *
 * @throws DnnError `EINVAL` for damaged parameter sets, or where there is no sequence parameter set.
 */
export function findFirstPicture<Sps>(
  syntax: NalSyntax<Sps>,
  sources: readonly UnitSource[],
): FirstPicture<Sps> {
  const { codec } = syntax;
  const spsOf = new Map<number, { sps: Sps; source: string }>();
  const ppsOf = new Map<number, { spsId: number; source: string }>();
  const bitsOf = ({ bytes, offset }: NalUnit, what: string) => {
    const begin = Math.min(syntax.headerBytes, bytes.length);
    const place = { part: `${codec} ${what}`, offset: offset + begin, isEscaped: true };
    return new BitReader(bytes.subarray(begin), place);
  };
  for (const { name: source, units } of sources) {
    for (const unit of units) {
      const kind = syntax.kindOf(unit);
      if (kind === 'sps') {
        const sps = syntax.readSps(bitsOf(unit, `SPS of the ${source}`));
        spsOf.set(sps.id, { sps, source });
      } else if (kind === 'pps') {
        const bits = bitsOf(unit, `PPS of the ${source}`);
        ppsOf.set(bits.ue(), { spsId: bits.ue(), source });
      } else if (kind === 'slice') {
        const pps = ppsOf.get(syntax.readSlicePpsId(bitsOf(unit, `slice of the ${source}`), unit));
        const named = pps && spsOf.get(pps.spsId);
        if (named === undefined) return { sps: anyOf(codec, spsOf), slice: unit, sources: undefined };
        return { sps: named.sps, slice: unit, sources: new Set([pps!.source, named.source]) };
      }
    }
  }
  return { sps: anyOf(codec, spsOf), slice: undefined, sources: undefined };
}

function anyOf<Sps>(codec: string, spsOf: ReadonlyMap<number, { sps: Sps }>): Sps {
  for (const { sps } of spsOf.values()) return sps;
  throw new DnnError('EINVAL', `${codec}: neither the first packet nor the extradata has an SPS`, {
    part: `${codec} SPS`,
    offset: 0,
  });
}
