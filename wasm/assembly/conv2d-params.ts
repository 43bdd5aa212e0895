/**
 * Where the numbers of a convolution stand in its parameter block, as byte offsets; written by
 * src/backends/native/wasm/layers/conv2d-direct.ts. All are int32 unless said, lengths and steps in bytes.
 */

/**
 * Channels that are computed together where fewer than four are left, a number: 1
 * where runs are whole vectors, or 4.
 */
export const FEWEST: usize = 0;
/** Runs in one row of the window: contiguous pieces of the input that are summed up. */
export const RUNS: usize = 4;
export const RUN_STEP: usize = 8;
export const RUN_LENGTH: usize = 12;
/** From the window of one output pixel to that of the next. */
export const WINDOW_STEP: usize = 16;
/** Weights of one row of the window for one output channel. */
export const ROW_WEIGHTS: usize = 20;
/** Weights of one output channel: all rows of the window. */
export const CHANNEL_WEIGHTS: usize = 24;
export const WEIGHTS: usize = 28;
/** One float a channel, padded to a multiple of 8. */
export const BIAS: usize = 32;
/** Output channels, a number; half of them for the mode BOTH_SIGNS. */
export const CHANNELS: usize = 36;
/** From one output pixel to the next. */
export const PIXEL_STEP: usize = 40;
/** Pixels in a row of the output, a number. */
export const WIDTH: usize = 44;
/**
 * Pixels at the left and up to the right end whose windows lie within the row: `LEFT`
 * … `RIGHT - 1`; multiples of 12.
 */
export const LEFT: usize = 48;
export const RIGHT: usize = 52;
/** What is done to a sum: see activation.ts. */
export const MODE: usize = 56;
/** Two float32, or the address of a slope a channel. */
export const LOW: usize = 60;
export const HIGH: usize = 64;
export const SLOPES: usize = 68;
/** Bytes of one pixel of the input, and of a row of it. */
export const INPUT_PIXEL: usize = 72;
export const INPUT_ROW: usize = 76;
/** Column of the first window's first tap, a number; negative for padding. */
export const FIRST_COLUMN: usize = 80;
/** Pixels of the input that the windows of one output pixel span, a number. */
export const SPAN: usize = 84;
/** Columns between neighbouring windows, a number. */
export const STRIDE: usize = 88;
/** The first channel of the group in a pixel. */
export const INPUT_OFFSET: usize = 92;
/** 1 where the residual is added before the activation, 0 where behind it. */
export const RESIDUAL_FIRST: usize = 96;
/** Room for one block of sums: 192 bytes. */
export const SPILL: usize = 112;
