/** Resizing of OpenVINO and ONNX as TensorFlow's resize ops, where both give the same. */

/** How an op resizes, in the words of OpenVINO and ONNX. */
export interface ResizeWay {
  readonly mode: string;
  readonly coordinates: string;
  readonly nearest: string;
  readonly antialias: boolean;
}

/** A length before and after. */
export interface Lengths {
  readonly from: number;
  readonly to: number;
}

export interface ResizeFlags {
  readonly align_corners: boolean;
  readonly half_pixel_centers: boolean;
}

/** Where an output lies in the input (op/interpolate.hpp · CoordinateTransformMode). */
export function coordinate(mode: string, at: number, { from, to }: Lengths): number | undefined {
  const scale = to / from;
  switch (mode) {
    case 'half_pixel':
      return (at + 0.5) / scale - 0.5;
    case 'pytorch_half_pixel':
      return to > 1 ? (at + 0.5) / scale - 0.5 : 0;
    case 'asymmetric':
      return at / scale;
    case 'tf_half_pixel_for_nn':
      return (at + 0.5) / scale;
    case 'align_corners':
      return to === 1 ? 0 : (at * (from - 1)) / (to - 1);
    default:
      return undefined;
  }
}

function nearestIndex(mode: string, position: number, shrinks: boolean): number {
  const floor = Math.floor(position);
  switch (mode) {
    case 'round_prefer_floor':
      return position === floor + 0.5 ? floor : Math.round(position);
    case 'round_prefer_ceil':
      return Math.round(position);
    case 'ceil':
      return Math.ceil(position);
    case 'simple':
      return shrinks ? Math.ceil(position) : Math.trunc(position);
    default:
      return floor;
  }
}

const variants: readonly ResizeFlags[] = [
  { align_corners: false, half_pixel_centers: false },
  { align_corners: false, half_pixel_centers: true },
  { align_corners: true, half_pixel_centers: false },
];

/** What ResizeNearestNeighbor takes for output `at` (resize_nearest_neighbor_op.cc). */
function tensorflowIndex(flags: ResizeFlags, at: number, { from, to }: Lengths): number {
  const scale = flags.align_corners && to > 1 ? (from - 1) / (to - 1) : from / to;
  const position = (flags.half_pixel_centers ? at + 0.5 : at) * scale;
  return Math.min(flags.align_corners ? Math.round(position) : Math.floor(position), from - 1);
}

/** The variant of ResizeNearestNeighbor that takes the same pixels for all these lengths. */
export function nearestFlags(resize: ResizeWay, lengths: readonly Lengths[]): ResizeFlags | undefined {
  return variants.find((flags) =>
    lengths.every((length) =>
      Array.from({ length: Math.min(length.to, 65536) }, (_, at) => at).every((at) => {
        const position = coordinate(resize.coordinates, at, length)!;
        const index = nearestIndex(resize.nearest, position, length.to < length.from);
        return Math.max(0, Math.min(index, length.from - 1)) === tensorflowIndex(flags, at, length);
      }),
    ),
  );
}

/** The variant of ResizeBilinear that gives the same. */
export function linearFlags(
  { coordinates }: ResizeWay,
  lengths: readonly Lengths[],
): ResizeFlags | undefined {
  if (coordinates === 'asymmetric') return variants[0];
  if (coordinates === 'align_corners') return variants[2];
  const half = coordinates === 'half_pixel' || coordinates === 'pytorch_half_pixel';
  // To one pixel PyTorch takes the first one.
  return half && (coordinates === 'half_pixel' || lengths.every(({ to }) => to > 1))
    ? variants[1]
    : undefined;
}
