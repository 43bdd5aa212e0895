/** The functions of expressions, with the results of libavutil/eval.c · eval_expr. */
import {
  bitReversed,
  cPow,
  gcd,
  halfAwayFromZero,
  nextRandom,
  register,
  toInt64,
} from './expression-arithmetic.ts';

/** What an evaluation works on. */
export interface ExpressionState {
  /** Values of the variables, in the order in which they were named to the parser. */
  variables: readonly number[];
  /** What `st` stores and `ld` loads; kept from one evaluation to the next. */
  readonly registers: Float64Array;
  /** Counts a round of a loop. @throws DnnError once there were too many */
  readonly countRound: () => void;
}

export type Evaluate = (state: ExpressionState) => number;

export interface ExpressionFunction {
  readonly leastArguments: number;
  readonly mostArguments: number;
  /**
   * A minus sign before a call has no effect in FFmpeg, which forgets it for these: `1-gauss(0)` is above 1.
   */
  readonly ignoresSign?: boolean;
  readonly call: (parameters: readonly Evaluate[], state: ExpressionState) => number;
}

/** A function of numbers: all its arguments are evaluated, from left to right. */
function of(compute: (...values: number[]) => number, options: { ignoresSign?: boolean } = {}) {
  const count = compute.length;
  const call: ExpressionFunction['call'] = (parameters, state) =>
    compute(...parameters.map((parameter) => parameter(state)));
  return { leastArguments: count, mostArguments: count, call, ...options };
}

const truth = (value: boolean): number => (value ? 1 : 0);

/** A C condition: everything but 0 is true, NaN too. */
const isTrue = (value: number): boolean => value !== 0;

const noSign = { ignoresSign: true };

export const expressionFunctions: Readonly<Record<string, ExpressionFunction>> = {
  abs: of((x) => Math.abs(x)),
  acos: of((x) => Math.acos(x)),
  asin: of((x) => Math.asin(x)),
  atan: of((x) => Math.atan(x)),
  atan2: of((y, x) => Math.atan2(y, x)),
  between: of((x, least, most) => truth(x >= least && x <= most)),
  bitand: of((x, y) => (isNaN(x) || isNaN(y) ? NaN : Number(toInt64(x) & toInt64(y)))),
  bitor: of((x, y) => (isNaN(x) || isNaN(y) ? NaN : Number(toInt64(x) | toInt64(y)))),
  ceil: of((x) => Math.ceil(x)),
  clip: of((x, least, most) =>
    // A NaN fails both comparisons.
    least <= most && !isNaN(x) ? Math.min(Math.max(x, least), most) : NaN,
  ),
  cos: of((x) => Math.cos(x)),
  cosh: of((x) => Math.cosh(x)),
  eq: of((x, y) => truth(x === y)),
  exp: of((x) => Math.exp(x)),
  floor: of((x) => Math.floor(x)),
  gauss: of((x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI), noSign),
  gcd: of((x, y) => gcd(toInt64(x), toInt64(y))),
  gt: of((x, y) => truth(x > y)),
  gte: of((x, y) => truth(x >= y)),
  hypot: of((x, y) => Math.hypot(x, y)),
  if: {
    leastArguments: 2,
    mostArguments: 3,
    call: ([condition, then, otherwise], state) =>
      isTrue(condition!(state)) ? then!(state) : (otherwise?.(state) ?? 0),
  },
  ifnot: {
    leastArguments: 2,
    mostArguments: 3,
    call: ([condition, then, otherwise], state) =>
      isTrue(condition!(state)) ? (otherwise?.(state) ?? 0) : then!(state),
  },
  isinf: of((x) => truth(Math.abs(x) === Infinity)),
  isnan: of((x) => truth(isNaN(x))),
  ld: {
    leastArguments: 1,
    mostArguments: 1,
    call: ([id], state) => state.registers[register(id!(state))]!,
  },
  lerp: of((from, to, share) => from + (to - from) * share, noSign),
  log: of((x) => Math.log(x)),
  lt: of((x, y) => truth(x < y)),
  lte: of((x, y) => truth(x <= y)),
  // Of a number and NaN, the second one: Math.max would give NaN.
  max: of((x, y) => (x > y ? x : y)),
  min: of((x, y) => (x < y ? x : y)),
  mod: of((x, y) => x - Math.floor(x / y) * y),
  not: of((x) => truth(x === 0)),
  pow: of(cPow),
  random: { leastArguments: 1, mostArguments: 1, call: random },
  root: { leastArguments: 2, mostArguments: 2, ignoresSign: true, call: root },
  round: of(halfAwayFromZero),
  sgn: of((x) => truth(x > 0) - truth(x < 0)),
  sin: of((x) => Math.sin(x)),
  sinh: of((x) => Math.sinh(x)),
  sqrt: of((x) => Math.sqrt(x)),
  squish: of((x) => 1 / (1 + Math.exp(4 * x)), noSign),
  st: {
    leastArguments: 2,
    mostArguments: 2,
    call: ([id, value], state) => {
      const index = register(id!(state));
      return (state.registers[index] = value!(state));
    },
  },
  tan: of((x) => Math.tan(x)),
  tanh: of((x) => Math.tanh(x)),
  taylor: { leastArguments: 2, mostArguments: 3, ignoresSign: true, call: taylor },
  trunc: of((x) => Math.trunc(x)),
  while: {
    leastArguments: 2,
    mostArguments: 2,
    ignoresSign: true,
    call: ([condition, body], state) => {
      let value = NaN;
      while (isTrue(condition!(state))) {
        state.countRound();
        value = body!(state);
      }
      return value;
    },
  },
};

/** FFmpeg's other functions, and why they are not here. */
export const missingFunctions: Readonly<Record<string, string>> = {
  time: 'there is no clock here, the result must not depend on when it is computed',
  print: 'expressions have no log here',
};

function random([id]: readonly Evaluate[], state: ExpressionState): number {
  const { registers } = state;
  const index = register(id!(state));
  const next = nextRandom(registers[index]!);
  registers[index] = Number(next);
  return Number(next) * (1 / 2 ** 64);
}

/** The sum of derivative(i) · x^i / i!, register `id` being i, until it does not change any more. */
function taylor([derivative, at, id]: readonly Evaluate[], state: ExpressionState): number {
  const { registers, countRound } = state;
  const x = at!(state);
  const index = register(id?.(state) ?? 0);
  const kept = registers[index]!;
  let factor = 1;
  let sum = 0;
  for (let i = 0; i < 1000; i++) {
    countRound();
    const before = sum;
    registers[index] = i;
    const value = derivative!(state);
    sum += factor * value;
    if (before === sum && isTrue(value)) break;
    factor *= x / (i + 1);
  }
  registers[index] = kept;
  return sum;
}

/**
 * Looks for an x from 0 to `most` where the function of register 0 is 0:
 * samples, then bisection between signs.
 */
function root([compute, most]: readonly Evaluate[], state: ExpressionState): number {
  const { registers, countRound } = state;
  const kept = registers[0]!;
  const at = (x: number): number => {
    countRound();
    registers[0] = x;
    return compute!(state);
  };
  const limit = most!(state);
  let [low, lowValue] = [-1, -Number.MAX_VALUE];
  let [high, highValue] = [-1, Number.MAX_VALUE];
  for (let i = -1; i < 1024; i++) {
    let x = (bitReversed(i & 255) * limit) / 255;
    if (i >= 255) {
      x = limit * 0.9 ** (i - 255) * ((i & 1) !== 0 ? -1 : 1) + ((i & 2) !== 0 ? low : high);
    }
    const value = at(x);
    if (value <= 0 && value > lowValue) [low, lowValue] = [x, value];
    if (value >= 0 && value < highValue) [high, highValue] = [x, value];
    if (low < 0 || high < 0) continue;
    for (let halving = 0; halving < 1000; halving++) {
      const middle = (low + high) * 0.5;
      if (low === middle || high === middle) break;
      const there = at(middle);
      if (there <= 0) low = middle;
      if (there >= 0) high = middle;
      if (!isNaN(there)) continue;
      low = high = there;
      break;
    }
    break;
  }
  registers[0] = kept;
  return -lowValue < highValue ? low : high;
}
