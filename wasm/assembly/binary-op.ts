/**
 * Functions of two values, by the number that src/backends/native/wasm/layers/binary.ts
 * gives them; most on four lanes.
 */

/** TensorFlow's FloorMod of floats: the remainder with the divisor's sign. */
function floorMod(a: f32, b: f32): f32 {
  const rest = a % b;
  return rest != 0 && rest < 0 != b < 0 ? rest + b : rest;
}

/** The whole part, clipped to 32 bits; 0 for NaN. */
function whole(v: f32): i32 {
  return i32x4.extract_lane(i32x4.trunc_sat_f32x4_s(f32x4.splat(v)), 0);
}

/**
 * FFmpeg's FLOORMOD (dnn_backend_native_layer_mathbinary.c): C's remainder of the
 * whole parts; 0 for a divisor of 0.
 */
function remainder(a: f32, b: f32): f32 {
  const divisor = whole(b);
  return divisor == 0 ? 0 : f32(whole(a) % divisor);
}

/** The functions that are evaluated one by one. */
function scalarOp(op: i32, a: f32, b: f32): f32 {
  switch (op) {
    case 20:
      return f32(Math.pow(a, b));
    case 21:
      return floorMod(a, b);
    case 22:
      return remainder(a, b);
    case 23:
      return a % b;
    case 24:
      return f32(Math.atan2(a, b));
    default:
      return NaN;
  }
}

function oneByOne(op: i32, a: v128, b: v128): v128 {
  let r = f32x4.splat(scalarOp(op, f32x4.extract_lane(a, 0), f32x4.extract_lane(b, 0)));
  r = f32x4.replace_lane(r, 1, scalarOp(op, f32x4.extract_lane(a, 1), f32x4.extract_lane(b, 1)));
  r = f32x4.replace_lane(r, 2, scalarOp(op, f32x4.extract_lane(a, 2), f32x4.extract_lane(b, 2)));
  return f32x4.replace_lane(r, 3, scalarOp(op, f32x4.extract_lane(a, 3), f32x4.extract_lane(b, 3)));
}

/** Sum, difference, product and squared difference of whole numbers, which wrap at 32 bits. */
export function wholeOp(op: i32, a: v128, b: v128): v128 {
  const one = i32x4.trunc_sat_f32x4_s(a);
  const other = i32x4.trunc_sat_f32x4_s(b);
  if (op == 30) return f32x4.convert_i32x4_s(i32x4.add(one, other));
  if (op == 32) return f32x4.convert_i32x4_s(i32x4.mul(one, other));
  const difference = i32x4.sub(one, other);
  return f32x4.convert_i32x4_s(op == 31 ? difference : i32x4.mul(difference, difference));
}

function truth(mask: v128): v128 {
  return v128.and(mask, f32x4.splat(1));
}

export function binaryOp(op: i32, a: v128, b: v128): v128 {
  const zero = f32x4.splat(0);
  switch (op) {
    case 0:
      return f32x4.add(a, b);
    case 1:
      return f32x4.sub(a, b);
    case 2:
      return f32x4.mul(a, b);
    case 3:
      return f32x4.div(a, b);
    // NaN where either is.
    case 4:
      return f32x4.max(a, b);
    case 5:
      return f32x4.min(a, b);
    case 6: {
      const difference = f32x4.sub(a, b);
      return f32x4.mul(difference, difference);
    }
    case 7:
      return f32x4.floor(f32x4.div(a, b));
    case 8:
      return truth(f32x4.gt(a, b));
    case 9:
      return truth(f32x4.ge(a, b));
    case 10:
      return truth(f32x4.lt(a, b));
    case 11:
      return truth(f32x4.le(a, b));
    case 12:
      return truth(f32x4.eq(a, b));
    case 13:
      return truth(f32x4.ne(a, b));
    case 14:
      return truth(v128.and(f32x4.ne(a, zero), f32x4.ne(b, zero)));
    case 15:
      return truth(v128.or(f32x4.ne(a, zero), f32x4.ne(b, zero)));
    // Prelu: b is the slope of negative values.
    case 16:
      return v128.bitselect(a, f32x4.mul(a, b), f32x4.ge(a, zero));
    case 17:
      return f32x4.trunc(f32x4.div(a, b));
    case 18:
      return v128.andnot(f32x4.div(a, b), f32x4.eq(b, zero));
    // a > b ? a : b and a > b ? b : a, as C has them where a value is NaN.
    case 25:
      return f32x4.pmax(b, a);
    case 26:
      return f32x4.pmin(a, b);
    case 30:
    case 31:
    case 32:
    case 33:
      return wholeOp(op, a, b);
    default:
      return oneByOne(op, a, b);
  }
}
