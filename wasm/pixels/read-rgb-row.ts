/**
 * A row of rgb24 as luma and as chroma of pairs of pixels (libswscale/input.c · rgb24ToY_c,
 * rgb24ToUV_half_c).
 */

/** Half a level of luma, and the rounding before: see src/frame/planar-yuv/rgb24-to-yuv420p.ts. */
const lumaBias: i32 = (16 << 15) + (1 << 8) + (64 << 8);
const chromaBias: i32 = (128 << 16) + (1 << 9);

/** Weights of red and green, and of blue and nothing, by twos for the two factors of a dot product. */
function redGreen(factors: usize): v128 {
  return i32x4.splat((load<i16>(factors) & 0xffff) | (load<i16>(factors, 2) << 16));
}

function blueOnly(factors: usize): v128 {
  return i32x4.splat(load<i16>(factors, 4) & 0xffff);
}

/** Red and green of four pixels as 16-bit numbers. */
function redsAndGreens(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1));
}

/** Blue of four pixels, with 0 beside each. */
function blues(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1));
}

/** Of four pixels: red and green of two pairs, summed, in the lower half; blue and 0 in the upper one. */
function pairs(pixels: v128): v128 {
  return i16x8.extadd_pairwise_i8x16_u(
    i8x16.swizzle(pixels, i8x16(0, 3, 1, 4, 6, 9, 7, 10, 2, 5, -1, -1, 8, 11, -1, -1)),
  );
}

/**
 * @param rgb the row; up to 4 bytes behind it are read.
 * @param luma takes a byte a pixel.
 * @param chromaU takes an int16 for each two pixels, 128 a level.
 * @param factors int16 weights of red, green and blue for luma, then U, then V.
 */
export function readRgbRow(
  rgb: usize,
  width: i32,
  luma: usize,
  chromaU: usize,
  chromaV: usize,
  factors: usize,
): void {
  const redGreenY = redGreen(factors);
  const blueY = blueOnly(factors);
  const redGreenU = redGreen(factors + 6);
  const blueU = blueOnly(factors + 6);
  const redGreenV = redGreen(factors + 12);
  const blueV = blueOnly(factors + 12);
  const biasY = i32x4.splat(lumaBias);
  const bias = i32x4.splat(chromaBias);
  let left = width;
  for (; left >= 8; left -= 8) {
    const first = v128.load(rgb);
    const second = v128.load(rgb, 12);
    const lumaFirst = i32x4.add(
      i32x4.dot_i16x8_s(redsAndGreens(first), redGreenY),
      i32x4.add(i32x4.dot_i16x8_s(blues(first), blueY), biasY),
    );
    const lumaSecond = i32x4.add(
      i32x4.dot_i16x8_s(redsAndGreens(second), redGreenY),
      i32x4.add(i32x4.dot_i16x8_s(blues(second), blueY), biasY),
    );
    const levels = i16x8.narrow_i32x4_s(i32x4.shr_s(lumaFirst, 15), i32x4.shr_s(lumaSecond, 15));
    v128.store64_lane(luma, i8x16.narrow_i16x8_u(levels, levels), 0);
    const pairsFirst = pairs(first);
    const pairsSecond = pairs(second);
    const pairRedGreen = v128.shuffle<i64>(pairsFirst, pairsSecond, 0, 2);
    const pairBlue = v128.shuffle<i64>(pairsFirst, pairsSecond, 1, 3);
    const u = i32x4.shr_s(
      i32x4.add(
        i32x4.dot_i16x8_s(pairRedGreen, redGreenU),
        i32x4.add(i32x4.dot_i16x8_s(pairBlue, blueU), bias),
      ),
      10,
    );
    const v = i32x4.shr_s(
      i32x4.add(
        i32x4.dot_i16x8_s(pairRedGreen, redGreenV),
        i32x4.add(i32x4.dot_i16x8_s(pairBlue, blueV), bias),
      ),
      10,
    );
    const both = i16x8.shl(i16x8.narrow_i32x4_s(u, v), 1);
    v128.store64_lane(chromaU, both, 0);
    v128.store64_lane(chromaV, both, 1);
    rgb += 24;
    luma += 8;
    chromaU += 8;
    chromaV += 8;
  }
  readRest(rgb, left, luma, chromaU, chromaV, factors);
}

/** The last pixels; the last one of an odd row is paired with itself. */
function readRest(rgb: usize, width: i32, luma: usize, chromaU: usize, chromaV: usize, factors: usize): void {
  for (let left = width; left > 0; left -= 2) {
    const r = <i32>load<u8>(rgb);
    const g = <i32>load<u8>(rgb, 1);
    const b = <i32>load<u8>(rgb, 2);
    const next = left > 1 ? rgb + 3 : rgb;
    const nextR = <i32>load<u8>(next);
    const nextG = <i32>load<u8>(next, 1);
    const nextB = <i32>load<u8>(next, 2);
    store<u8>(luma, (weighted(factors, r, g, b) + lumaBias) >> 15);
    if (left > 1) store<u8>(luma, (weighted(factors, nextR, nextG, nextB) + lumaBias) >> 15, 1);
    const u = weighted(factors + 6, r + nextR, g + nextG, b + nextB);
    const v = weighted(factors + 12, r + nextR, g + nextG, b + nextB);
    store<i16>(chromaU, ((u + chromaBias) >> 10) << 1);
    store<i16>(chromaV, ((v + chromaBias) >> 10) << 1);
    rgb += 6;
    luma += 2;
    chromaU += 2;
    chromaV += 2;
  }
}

function weighted(factors: usize, r: i32, g: i32, b: i32): i32 {
  return load<i16>(factors) * r + load<i16>(factors, 2) * g + load<i16>(factors, 4) * b;
}
