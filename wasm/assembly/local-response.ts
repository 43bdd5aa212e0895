/** Local response normalisation over the channels of each pixel (tensorflow/core/kernels/lrn_op.cc). */

/** `value / (bias + alpha * sum of squares of the channels up to radius away) ^ beta`. Error at most 1e-6. */
export function localResponse(
  source: usize,
  dest: usize,
  pixels: i32,
  channels: i32,
  radius: i32,
  bias: f32,
  alpha: f32,
  beta: f32,
): void {
  const bytes = (<usize>channels) << 2;
  for (; pixels > 0; pixels--, source += bytes, dest += bytes) {
    for (let c = 0; c < channels; c++) {
      let sum: f64 = 0;
      const last = min(channels - 1, c + radius);
      for (let k = max(0, c - radius); k <= last; k++) {
        const v = f64(load<f32>(source + ((<usize>k) << 2)));
        sum += v * v;
      }
      const at = (<usize>c) << 2;
      const base = f64(bias) + f64(alpha) * sum;
      store<f32>(dest + at, f32(f64(load<f32>(source + at)) * Math.pow(base, -f64(beta))));
    }
  }
}
