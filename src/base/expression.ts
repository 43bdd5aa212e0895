/**
 * Arithmetic expressions in options, such as `enable='between(t,10,20)'`; mirrors
 * libavutil/eval.c · av_expr_parse.
 */
import type { DnnError, DnnErrorDetails } from './errors.ts';
import { cPow, registerCount } from './expression-arithmetic.ts';
import {
  expressionFunctions,
  missingFunctions,
  type Evaluate,
  type ExpressionState,
} from './expression-functions.ts';
import { leadingNumber } from './option-table-values.ts';
import { sourceError, type SourceText } from './source-text.ts';

const constants: Readonly<Record<string, number>> = {
  E: Math.E,
  PI: Math.PI,
  PHI: (1 + Math.sqrt(5)) / 2,
  QP2LAMBDA: 118,
};

/** Depth of parentheses and calls, as in FFmpeg. */
const mostDepth = 100;

/** Rounds of all loops of one evaluation; FFmpeg's have no end. */
const mostRounds = 1_000_000;

/** A parsed expression; its registers (`st`, `ld`) live as long as it does. */
export class Expression {
  /** The variables that occur. */
  readonly uses: ReadonlySet<string>;
  readonly #evaluate: Evaluate;
  readonly #state: ExpressionState;
  #rounds = 0;

  constructor(evaluate: Evaluate, uses: ReadonlySet<string>, tooLong: () => DnnError) {
    this.#evaluate = evaluate;
    this.uses = uses;
    const countRound = (): void => {
      this.#rounds += 1;
      if (this.#rounds > mostRounds) throw tooLong();
    };
    this.#state = { variables: [], registers: new Float64Array(registerCount), countRound };
  }

  /**
   * The value for these values of the variables, in the order of their names.
   * Any double may come out, NaN too.
   *
   * @throws DnnError `EINVAL` where loops do not end within a million rounds
   */
  evaluate(variables: readonly number[]): number {
    this.#rounds = 0;
    this.#state.variables = variables;
    return this.#evaluate(this.#state);
  }
}

/**
 * Parses an expression. White space means nothing, also within numbers and names, as in FFmpeg.
 *
 * @param variables names that may occur
 * @param details for errors: filter and option
 * @throws DnnError `EINVAL` with the position
 */
export function parseExpression(
  source: SourceText,
  variables: readonly string[],
  details: DnnErrorDetails = {},
): Expression {
  return new ExpressionParser(source, variables, details).parse();
}

interface Part {
  readonly evaluate: Evaluate;
  readonly ignoresSign?: boolean;
}

class ExpressionParser {
  readonly #source: SourceText;
  readonly #variables: readonly string[];
  readonly #details: DnnErrorDetails;
  /** The text without white space, and where each character of it stood. */
  readonly #text: string;
  readonly #places: readonly number[];
  readonly #uses = new Set<string>();
  #at = 0;
  #depth = 0;

  constructor(source: SourceText, variables: readonly string[], details: DnnErrorDetails) {
    this.#source = source;
    this.#variables = variables;
    this.#details = details;
    const { text } = source;
    this.#places = Array.from({ length: text.length }, (_, i) => i).filter((i) => !/\s/.test(text[i]!));
    this.#text = this.#places.map((place) => text[place]!).join('');
  }

  parse(): Expression {
    if (this.#text === '') throw this.#error('The expression is empty: write a number, such as 1', 0);
    const { evaluate } = this.#sequence();
    if (this.#at < this.#text.length) {
      throw this.#error(`Invalid chars '${this.#rest()}' at the end of the expression`, this.#at);
    }
    return new Expression(evaluate, this.#uses, () =>
      this.#error(`A loop of the expression took more than ${mostRounds} rounds: let it end sooner`, 0),
    );
  }

  /** `a;b`: both are evaluated, the last one counts (parse_expr). */
  #sequence(): Part {
    this.#depth += 1;
    if (this.#depth > mostDepth) {
      throw this.#error(`The expression is nested more than ${mostDepth} deep`, this.#at);
    }
    const parts = this.#list(';', () => this.#sum());
    this.#depth -= 1;
    if (parts.length === 1) return parts[0]!;
    return { evaluate: (state) => parts.reduce((_, { evaluate }) => evaluate(state), 0) };
  }

  /** Terms carry their own sign (parse_subexpr). */
  #sum(): Part {
    const terms = [this.#term()];
    while (this.#next('+') || this.#next('-')) terms.push(this.#term());
    if (terms.length === 1) return terms[0]!;
    const [first, ...others] = terms as [Part, ...Part[]];
    return {
      evaluate: (state) => others.reduce((sum, { evaluate }) => sum + evaluate(state), first.evaluate(state)),
    };
  }

  #term(): Part {
    const first = this.#factor();
    const others: { readonly divides: boolean; readonly factor: Part }[] = [];
    while (this.#next('*') || this.#next('/')) {
      const divides = this.#text[this.#at++] === '/';
      others.push({ divides, factor: this.#factor() });
    }
    if (others.length === 0) return first;
    return {
      evaluate: (state) =>
        others.reduce((product, { divides, factor }) => {
          const value = factor.evaluate(state);
          return divides ? product / value : product * value;
        }, first.evaluate(state)),
    };
  }

  /** Powers, from left to right; a sign before them is that of the result (parse_factor). */
  #factor(): Part {
    const isNegative = this.#sign();
    const base = this.#primary();
    const exponents: Part[] = [];
    while (this.#next('^')) {
      this.#at += 1;
      const negates = this.#sign();
      const exponent = this.#primary();
      exponents.push(negates ? negated(exponent) : exponent);
    }
    const power: Part =
      exponents.length === 0
        ? base
        : {
            evaluate: (state) =>
              exponents.reduce((value, { evaluate }) => cPow(value, evaluate(state)), base.evaluate(state)),
          };
    return isNegative ? negated(power) : power;
  }

  /** One sign; that of a number in dB is its own, since -3dB is a number below 1 (parse_dB). */
  #sign(): boolean {
    const isNegative = this.#next('-');
    if (!isNegative && !this.#next('+')) return false;
    if (isNegative && leadingNumber(this.#rest())?.isDecibel === true) return false;
    this.#at += 1;
    return isNegative;
  }

  #primary(): Part {
    const number = leadingNumber(this.#rest());
    if (number !== undefined) {
      this.#at += number.length;
      const { value } = number;
      return { evaluate: () => value };
    }
    if (this.#next('(')) return this.#group();
    const start = this.#at;
    const name = /^\w*/.exec(this.#rest())![0];
    const index = this.#variables.indexOf(name);
    if (index >= 0) {
      this.#at += name.length;
      this.#uses.add(name);
      return { evaluate: ({ variables }) => variables[index]! };
    }
    if (Object.hasOwn(constants, name)) {
      this.#at += name.length;
      const value = constants[name]!;
      return { evaluate: () => value };
    }
    this.#at += name.length;
    if (name !== '' && this.#next('(')) return this.#call(name, start);
    throw this.#error(
      `Undefined constant or missing '(' in '${this.#text.slice(start)}': write a number, one of ` +
        `${[...this.#variables, ...Object.keys(constants)].join(', ')}, or a function such as between(x,min,max)`,
      start,
    );
  }

  #group(): Part {
    const start = this.#at;
    this.#at += 1;
    const part = this.#sequence();
    if (!this.#next(')')) throw this.#error(`Missing ')' in '${this.#text.slice(start)}'`, this.#at);
    this.#at += 1;
    return part;
  }

  #call(name: string, start: number): Part {
    if (Object.hasOwn(missingFunctions, name)) {
      throw this.#error(`Function ${name}() is not available: ${missingFunctions[name]!}`, start);
    }
    if (!Object.hasOwn(expressionFunctions, name)) {
      const names = Object.keys(expressionFunctions).join(', ');
      throw this.#error(`Unknown function '${name}': the functions are ${names}`, start);
    }
    const { leastArguments, mostArguments, ignoresSign = false, call } = expressionFunctions[name]!;
    this.#at += 1;
    const parameters = this.#list(',', () => this.#sequence()).map(({ evaluate }) => evaluate);
    if (!this.#next(')')) throw this.#error(`Missing ')' in '${this.#text.slice(start)}'`, this.#at);
    this.#at += 1;
    if (parameters.length < leastArguments || parameters.length > mostArguments) {
      const count =
        leastArguments === mostArguments ? leastArguments : `${leastArguments} or ${mostArguments}`;
      throw this.#error(
        `Function ${name}() has ${parameters.length} argument(s) here: give it ${count}, separated by commas`,
        start,
      );
    }
    return { evaluate: (state) => call(parameters, state), ignoresSign };
  }

  #list(separator: string, parse: () => Part): Part[] {
    const parts = [parse()];
    while (this.#next(separator)) {
      this.#at += 1;
      parts.push(parse());
    }
    return parts;
  }

  #next(character: string): boolean {
    return this.#text[this.#at] === character;
  }

  #rest(): string {
    return this.#text.slice(this.#at);
  }

  #error(message: string, at: number): DnnError {
    const place = this.#places[at] ?? this.#source.text.length;
    return sourceError('EINVAL', message, this.#source, place, this.#details);
  }
}

function negated(part: Part): Part {
  return part.ignoresSign === true ? part : { evaluate: (state) => -part.evaluate(state) };
}
