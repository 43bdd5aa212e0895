import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DnnError } from './errors.ts';
import { failure } from './errors.test-support.ts';
import { parseExpression } from './expression.ts';
import { expressionFunctions } from './expression-functions.ts';
import { sourceText, type SourceText } from './source-text.ts';

const names = ['t', 'n', 'w'];
const value = (text: string, variables: readonly number[] = [1.5, 7, 640]): number =>
  parseExpression(sourceText(text), names).evaluate(variables);

describe('values that ffmpeg 5.1 gives (aevalsrc)', () => {
  test.each<[string, number]>([
    ['1+2*3-4/2', 5],
    ['-2^2', -4],
    ['2^-2', 0.25],
    ['2^3^2', 64],
    ['--5', 5],
    ['1 2', 12],
    [' 1 + 2 ', 3],
    ['1;2', 2],
    ['(1+2)*3', 9],
    ['-3dB', 0.7079457843841379],
    ['1-3dB', 1.707945784384138],
    ['1dB', 1.1220184543019633],
    ['1Ki', 1024],
    ['2KiB', 16384],
    ['1E', 1e18],
    ['2d', 0.2],
    ['2c', 0.02],
    ['5hi', 507.96833662982397],
    ['1mi', 0.0009765625],
    ['0x10', 16],
    ['1-inf', -Infinity],
    ['E', Math.E],
    ['PI', Math.PI],
    ['PHI', 1.618033988749895],
    ['QP2LAMBDA', 118],
    ['-squish(1)', 0.01798620996209156],
    ['1-gauss(1)', 1.2419707245191434],
    ['-lerp(1,3,0.5)', 2],
    ['-taylor(1,1)', 2.7182818284590455],
    ['root(ld(0)-2,10)', 2],
    ['-root(ld(0)-2,10)', 2],
    ['-atan(1)', -0.7853981633974483],
    ['atan2(1,2)', 0.4636476090008061],
    ['bitand(-1,7)', 7],
    ['bitor(3,12)', 15],
    ['random(0)', 5.496385806344137e-11],
    ['random(0)+random(0)', 9.148882577076587e-5],
    ['st(3,5);ld(3)+1', 6],
    ['st(-3,7);ld(0)', 7],
    ['ld(99)', 0],
    ['ld(nan)', 0],
    ['while(lt(ld(0),5),st(0,ld(0)+1))', 5],
    ['if(nan,1,2)', 1],
    ['if(1,2)', 2],
    ['if(0,2)', 0],
    ['ifnot(0,2)', 2],
    ['not(nan)', 0],
    ['clip(5,1,3)', 3],
    ['clip(5,3,1)', NaN],
    ['clip(nan,1,2)', NaN],
    ['between(2,2,4)', 1],
    ['mod(-5,3)', 1],
    ['mod(5,0)', NaN],
    ['gcd(12,18)', 6],
    ['gcd(-12,18)', 6],
    ['gcd(0,-4)', -4],
    ['round(-2.5)', -3],
    ['round(0.49999999999999994)', 0],
    ['trunc(-2.5)', -2],
    ['sgn(nan)', 0],
    ['max(nan,1)', 1],
    ['min(nan,1)', 1],
    ['pow(1,nan)', 1],
    ['pow(-1,inf)', 1],
    ['isinf(-inf)', 1],
    ['hypot(3,4)', 5],
  ])('%s is %d', (text, expected) => {
    const result = value(text);
    if (Number.isNaN(expected)) expect(result).toBeNaN();
    // -0 and 0 are one value to every comparison; functions of the C library may differ in their last bit.
    else expect(Math.abs(result - expected) <= 4e-16 * Math.abs(expected) || result === expected).toBe(true);
  });
});

test('variables, by name, and whether they occur', () => {
  expect(value('w*t+n')).toBe(967);
  expect(value('gte(t,1.5)*lt(n,8)')).toBe(1);
  const expression = parseExpression(sourceText('between(n,2,4)'), names);
  expect([...expression.uses]).toEqual(['n']);
  expect([1, 2, 4, 5].map((n) => expression.evaluate([0, n, 0]))).toEqual([0, 1, 1, 0]);
});

test('registers live from one evaluation to the next', () => {
  const counting = parseExpression(sourceText('st(1,ld(1)+n)'), names);
  expect([1, 2, 3].map((n) => counting.evaluate([0, n, 0]))).toEqual([1, 3, 6]);
});

describe('errors', () => {
  test.each([
    ['', 0, 'is empty'],
    ['  ', 2, 'is empty'],
    ['1+', 2, "Undefined constant or missing '(' in ''"],
    ['foo', 0, "Undefined constant or missing '(' in 'foo'"],
    ['1 + nn', 4, "in 'nn': write a number, one of t, n, w, E, PI"],
    ['foo(1)', 0, "Unknown function 'foo': the functions are abs, acos"],
    ['constructor(1)', 0, "Unknown function 'constructor'"],
    ['2*time(0)', 2, 'Function time() is not available: there is no clock'],
    ['print(1)', 0, 'Function print() is not available'],
    ['(1', 2, "Missing ')' in '(1'"],
    ['max(1', 5, "Missing ')' in 'max(1'"],
    ['max(1,2,3)', 0, 'Function max() has 3 argument(s) here: give it 2'],
    ['n+max(1)', 2, 'Function max() has 1 argument(s) here: give it 2'],
    ['if(1)', 0, 'give it 2 or 3, separated by commas'],
    ['1, 2', 1, "Invalid chars ',2' at the end"],
    ['2(3)', 1, "Invalid chars '(3)' at the end"],
    ['PI2', 0, "Undefined constant or missing '(' in 'PI2'"],
    ['0x', 1, "Invalid chars 'x'"],
    ['1e', 1, "Invalid chars 'e'"],
    [';', 0, 'Undefined constant'],
    [`${'('.repeat(100)}1${')'.repeat(100)}`, 100, 'nested more than 100 deep'],
  ])('%s', (text, position, words) => {
    const error = failure(() => value(text));
    expect(error.code).toBe('EINVAL');
    expect(error.message).toContain(words);
    expect(error.details.position).toBe(position);
  });

  test('stand under the place in the whole filter text', () => {
    const origin = "derain=enable='gt(n,x)'";
    const source: SourceText = { text: 'gt(n,x)', origin, positions: [15, 16, 17, 18, 19, 20, 21, 22] };
    const error = failure(() => parseExpression(source, names, { filter: 'derain', option: 'enable' }));
    expect(error.details).toEqual({ filter: 'derain', option: 'enable', position: 20 });
    expect(error.message.split('\n')[2]?.indexOf('^')).toBe(22);
  });

  test('a loop without an end', () => {
    expect(failure(() => value('while(1,0)')).message).toContain('took more than 1000000 rounds');
    expect(failure(() => value('taylor(taylor(0,1),1)')).code).toBe('EINVAL');
  });
});

test('deep within the limit, and long, are no matter', () => {
  expect(value(`${'('.repeat(99)}1${')'.repeat(99)}`)).toBe(1);
  expect(value(`1${'+1'.repeat(10_000)}`)).toBe(10_001);
  expect(value(`1${'*1'.repeat(10_000)}${';2'.repeat(10_000)}`)).toBe(2);
});

test('any text is an expression or a DnnError', () => {
  const words = [...Object.keys(expressionFunctions), ...names, 'PI', '1', '0', '.5', '2k', 'inf', 'nan'];
  const pieces = fc.constantFrom(...words, '(', '(', ')', ')', ',', ',', '+', '-', '*', '/', '^', ';', ' ');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces, { maxLength: 14 }).map((all) => all.join('')),
      ),
      (text) => {
        try {
          expect(typeof value(text)).toBe('number');
        } catch (error) {
          expect(error).toBeInstanceOf(DnnError);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test('sums and products are those of JavaScript', () => {
  const number = fc.integer({ min: -99, max: 99 });
  fc.assert(
    fc.property(number, number, number, number, (a, b, c, d) => {
      const text = `${a}+${b}*(${c}-${d})/7-abs(${d})`;
      expect(value(text)).toBe(a + (b * (c - d)) / 7 - Math.abs(d));
    }),
  );
});
