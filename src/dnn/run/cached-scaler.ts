/** Scalers of planes, kept: to compute the filters of one costs as much as to scale a small frame. */
import { PlaneScaler } from '../../frame/plane-scale.ts';

/**
 * Of the last few geometries: a worker serves one filter at a time, which has two
 * where it scales luma and chroma.
 */
const scalers = new Map<string, PlaneScaler>();
const maxScalers = 4;

interface PlaneSize {
  readonly width: number;
  readonly height: number;
}

/** A scaler from one size in pixels to another, for planes of so many bytes per pixel. */
export function cachedScaler(src: PlaneSize, dst: PlaneSize, channels: 1 | 2 | 3): PlaneScaler {
  const key = `${src.width}x${src.height} ${dst.width}x${dst.height} ${channels}`;
  let scaler = scalers.get(key);
  if (scaler === undefined) {
    if (scalers.size >= maxScalers) scalers.delete(scalers.keys().next().value!);
    scaler = new PlaneScaler(src, dst, channels);
    scalers.set(key, scaler);
  }
  return scaler;
}
