/**
 * Where the numbers of a Winograd convolution stand in its parameter block, as byte offsets; written by
 * src/backends/native/wasm/layers/conv2d-winograd.ts. All are int32 unless said, lengths and steps in bytes.
 */

/** Input channels, a multiple of 4, and output channels, likewise; half of them for the mode BOTH_SIGNS. */
export const INPUTS: usize = 0;
export const OUTPUTS: usize = 4;
/** Height of the input and width of the input, numbers. */
export const INPUT_HEIGHT: usize = 8;
export const INPUT_WIDTH: usize = 12;
/** Height and width of the output, numbers. */
export const OUTPUT_HEIGHT: usize = 16;
export const OUTPUT_WIDTH: usize = 20;
/** Distance between the taps of the window, a number. */
export const DILATION: usize = 24;
/** Row and column of output 0's first tap in the input, numbers; negative for padding. */
export const FIRST_ROW: usize = 28;
export const FIRST_COLUMN: usize = 32;
/** `[36][outputs / 8][inputs][8]`, of the last four outputs `[inputs][4]`: the transformed weights. */
export const WEIGHTS: usize = 36;
/** One float a channel, padded to a multiple of 8. */
export const BIAS: usize = 40;
/** What is done to a sum: see activation.ts. */
export const MODE: usize = 44;
/** Two float32, or the address of a slope a channel. */
export const LOW: usize = 48;
export const HIGH: usize = 52;
export const SLOPES: usize = 56;
/** Rows and columns of the output in a tile, a number: 4 for a window of 3x3, 2 for one of 5x5. */
export const TILE: usize = 60;
/** A parameter block as in conv2d-params.ts: the products at a point are a window of 1x1 over the tiles. */
export const PRODUCTS: usize = 64;
/** Eight zeros. */
export const ZEROS: usize = 68;
/** 1 where the residual is added before the activation, 0 where behind it. */
export const RESIDUAL_FIRST: usize = 72;

/** Tiles that are multiplied at a time: the pixels of conv2d-eight.ts. */
export const PANEL: i32 = 6;
/** Panels that share one reading of the weights. */
export const PANELS: i32 = 2;
