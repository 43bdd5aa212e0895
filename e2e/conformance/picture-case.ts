/** One network on one stream of frames, to be run by stock ffmpeg's own filter and by ours. */
import type { PixelFormat } from '../../src/frame/pixel-format.ts';

export type Size = readonly [width: number, height: number];

/** Small frames, and odd ones. */
export const even: Size = [36, 20];
export const odd: Size = [35, 19];

export interface PictureCase {
  readonly title: string;
  /** Ids of the rows that it covers. */
  readonly rows: readonly string[];
  readonly filter?: 'dnn_processing' | 'sr' | 'derain';
  readonly format: PixelFormat;
  readonly size: Size;
  readonly frames?: number;
  /** A lavfi source; testsrc2 of this size if left out. */
  readonly source?: string;
  /** A `.model` file, whatever the backend. */
  readonly model: Uint8Array;
  /** Further options of the filter, each with its colon. */
  readonly options?: string;
  readonly output?: string;
  /**
   * The whole way, with the filters before and behind, the decoder and the workers: the library's own `exec`.
   */
  readonly wholeJob?: boolean;
  /** The result is computed in so many strips of rows. */
  readonly strips?: number;
  /** Options of ours that stock ffmpeg does not know. */
  readonly ownOptions?: string;
  /** The chain around the filter; only the format before it if left out. */
  readonly chain?: (filter: string) => string;
  /** What stock ffmpeg runs where it cannot run the same. Gets stock's own dnn_processing. */
  readonly stockChain?: (filter: string) => string;
  /** Backends on our side; both if left out. */
  readonly backends?: readonly ('native' | 'tensorflow')[];
  /** Indexes of samples that stock ffmpeg leaves unwritten, with what they are here. */
  readonly unwritten?: (index: number) => number | undefined;
  /** Most by which a sample may differ, and the least share of identical ones; by the format if left out. */
  readonly tolerance?: { readonly largest: number; readonly identical: number };
  /** What comes out by hand where stock ffmpeg is wrong, of the frames before the filter. */
  readonly expected?: (input: Uint8Array) => ArrayLike<number>;
}

/** Of bytes one in a hundred may be rounded otherwise; floats are summed in another order. */
export function toleranceOf({ format, tolerance }: PictureCase): { largest: number; identical: number } {
  return (
    tolerance ?? (format === 'grayf32le' ? { largest: 2e-5, identical: 0 } : { largest: 1, identical: 0.99 })
  );
}
