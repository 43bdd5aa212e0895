/** Holds the op → kernel table against the sources of the installed tfjs-converter and tfjs-core. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { converterKnows, kernelsOfOp, needsAsyncExecution } from './converter-ops.ts';

const packages = 'node_modules/@tensorflow';
const categories = [
  'arithmetic',
  'basic_math',
  'convolution',
  'creation',
  'evaluation',
  'graph',
  'image',
  'logical',
  'matrices',
  'normalization',
  'reduction',
  'slice_join',
  'spectral',
  'transformation',
];

/** Each op of an executor's switch with the tfjs-core functions that its branch calls. */
function branches(category: string): [op: string, functions: string[]][] {
  const file = `${packages}/tfjs-converter/dist/operations/executors/${category}_executor.js`;
  const body = readFileSync(file, 'utf8').split('switch (node.op)')[1]!.split('default:')[0]!;
  const found: [string, string[]][] = [];
  let waiting: string[] = [];
  for (const part of body.split(/case '(?=\w+':)/).slice(1)) {
    const [, op = '', code = ''] = /^(\w+)':\s*([\s\S]*)$/.exec(part) ?? [];
    waiting.push(op);
    if (code.replace(/[{}\s]|\/\/.*/g, '') === '') continue;
    const functions = [...code.matchAll(/ops(?:\.image|\.fused)?\.(\w+)\(/g)].map((match) => match[1]!);
    found.push(...waiting.map((name): [string, string[]] => [name, functions]));
    waiting = [];
  }
  return found;
}

/** The kernel that a tfjs-core function runs, where its source names exactly one. */
function onlyKernel(fn: string, fused: boolean): string | undefined {
  const snake = fn.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  for (const path of fused ? [`fused/${snake}`] : [snake, `image/${snake}`]) {
    let source: string;
    try {
      source = readFileSync(`${packages}/tfjs-core/dist/ops/${path}.js`, 'utf8');
    } catch {
      continue;
    }
    const code = source.replace(/^\s*\/\/.*$/gm, '');
    const kernels = new Set([...code.matchAll(/runKernel\(\s*'?(\w+)/g)].map((match) => match[1]!));
    if (kernels.size === 1) return [...kernels][0];
  }
  return undefined;
}

describe('the kernel table', () => {
  const derived = categories.flatMap((category) =>
    branches(category).flatMap(([op, functions]) => {
      const fused = op.includes('Fused') && !op.startsWith('FusedBatchNorm');
      const kernel = functions.length === 1 ? onlyKernel(functions[0]!, fused) : undefined;
      return kernel === undefined ? [] : [{ op, kernel }];
    }),
  );

  it('is compared for most ops', () => {
    expect(derived.length).toBeGreaterThan(110);
    expect(derived.map(({ op }) => op)).toEqual(
      expect.arrayContaining([
        'BiasAdd',
        'Conv2D',
        'Mul',
        'Pad',
        '_FusedConv2D',
        'ResizeBilinear',
        'Transpose',
      ]),
    );
  });

  it.each(derived)('$op runs $kernel', ({ op, kernel }) => {
    expect(converterKnows(op)).toBe(true);
    expect(kernelsOfOp(op)).toContain(kernel);
  });
});

it('knows no op of strings', () => {
  for (const op of ['PartitionedCall', 'StringSplit', 'HashTableV2', 'DecodeJpeg', '']) {
    expect(converterKnows(op)).toBe(false);
  }
  for (const op of ['Const', 'Placeholder', 'Switch', 'StatelessWhile', 'Where', 'Conv2D'])
    expect(converterKnows(op)).toBe(true);
});

it('runs control flow and dynamic shapes by executeAsync', () => {
  expect(['Merge', 'Where', 'NonMaxSuppressionV3', 'Conv2D', 'Shape'].map(needsAsyncExecution)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
