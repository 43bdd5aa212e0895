/** The logistic function of one value; mirrors sigmoid of libavfilter/vf_dnn_detect.c. */

/** 1 / (1 + exp(-x)) as a float32: 0 … 1, or NaN of NaN. */
export function logistic(value: number): number {
  return Math.fround(1 / (1 + Math.exp(-value)));
}
