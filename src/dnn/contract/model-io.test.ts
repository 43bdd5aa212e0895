import { describe, expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import type { Graph } from '../../graph/graph.ts';
import {
  convolution,
  floats,
  graph,
  ints,
  node,
  placeholder,
} from '../../graph/graph-builder.test-support.ts';
import { optimizeGraph } from '../../graph/optimize-graph.ts';
import { getInput, getOutput, resolveInputName, resolveOutputName } from './model-io.ts';

const upscaler = graph(
  placeholder('x', [1, -1, -1, 3]),
  placeholder('rate', []),
  ...convolution('conv', 'x', [3, 3, 3, 12]),
  node('enlarged', 'DepthToSpace', ['conv'], { block_size: 2 }),
  node('y', 'Identity', ['enlarged']),
  node('features', 'Relu', ['conv']),
);

const signed: Graph = {
  ...upscaler,
  signature: { inputs: { image: 'x' }, outputs: { result: 'y', conv_1: 'conv:1' } },
};

function thrown(action: () => unknown): DnnError {
  try {
    action();
  } catch (error) {
    if (error instanceof DnnError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('names', () => {
  test('with and without :0, and by the signature', () => {
    expect(resolveInputName(upscaler, 'x:0')).toBe('x');
    expect(resolveOutputName(upscaler, 'y')).toBe('y');
    expect(resolveInputName(signed, 'image')).toBe('x');
    expect(resolveOutputName(signed, 'result')).toBe('y');
    expect(getOutput(signed, 'image', 'result', 10, 8)).toEqual({ width: 20, height: 16, channels: 3 });
  });

  test('an unknown input lists the placeholders', () => {
    const error = thrown(() => getInput(upscaler, 'in'));
    expect(error.code).toBe('EINVAL');
    expect(error.message).toBe("option input: the model has no input 'in'; its inputs are: 'x', 'rate'");
    expect(thrown(() => getInput(signed, 'in')).message).toContain("'image', 'x', 'rate'");
  });

  test('an unknown output lists the nodes that nothing consumes', () => {
    const error = thrown(() => getOutput(upscaler, 'x', 'out', 8, 8));
    expect(error.code).toBe('EINVAL');
    expect(error.message).toBe(
      "option output: the model has no node 'out'; its outputs are: 'y', 'features'",
    );
  });

  test('long lists are cut', () => {
    const many = graph(...Array.from({ length: 40 }, (_, index) => placeholder(`p${index}`, [1])));
    expect(thrown(() => getInput(many, 'x')).message).toMatch(/'p11' and 28 more$/);
  });
});

describe('getInput', () => {
  test('gives sizes and type', () => {
    expect(getInput(upscaler, 'x')).toEqual({ dims: [1, -1, -1, 3], dtype: 'float32' });
    const bytes = graph(placeholder('x', [-1, 64, 48, 1], 'uint8'));
    expect(getInput(bytes, 'x')).toEqual({ dims: [-1, 64, 48, 1], dtype: 'uint8' });
  });

  test('refuses another rank than 4', () => {
    for (const shape of [[1, 8], [], null]) {
      const error = thrown(() => getInput(graph(placeholder('x', shape)), 'x'));
      expect(error.code).toBe('DNN_GENERIC_ERROR');
      expect(error.message).toContain("'x'");
    }
  });
});

describe('getOutput', () => {
  test('asks for one image, also where the batch is free', () => {
    const { graph: free } = optimizeGraph(upscaler, { input: 'x', outputs: ['y'] });
    expect(getOutput(free, 'x', 'y', 360, 240)).toEqual({ width: 720, height: 480, channels: 3 });
  });

  test('an open batch counts as one image', () => {
    const model = graph(
      placeholder('x', [-1, -1, -1, 1]),
      ints('s', [1, 2, -1, 4]),
      node('y', 'Reshape', ['x', 's']),
    );
    expect(getOutput(model, 'x', 'y', 8, 4)).toEqual({ width: 4, height: 2, channels: 4 });
  });

  test('a frame that the model cannot take names the node', () => {
    const valid = graph(
      placeholder('x', [1, -1, -1, 1]),
      ...convolution('y', 'x', [9, 9, 1, 1], { padding: 'VALID' }),
    );
    expect(getOutput(valid, 'x', 'y', 20, 12)).toEqual({ width: 12, height: 4, channels: 1 });
    expect(thrown(() => getOutput(valid, 'x', 'y', 20, 8)).message).toMatch(/'y' \(Conv2D\).*too small/);
    const fixed = graph(placeholder('x', [1, 16, 16, 1]), node('y', 'Relu', ['x']));
    expect(thrown(() => getOutput(fixed, 'x', 'y', 16, 17)).message).toMatch(/'x' takes \[1, 16, 16, 1\]/);
  });

  test('an output that is no picture', () => {
    const vector = graph(placeholder('x', [1, -1, -1, 1]), ints('a', [1, 2]), node('y', 'Mean', ['x', 'a']));
    const error = thrown(() => getOutput(vector, 'x', 'y', 8, 8));
    expect(error.code).toBe('DNN_GENERIC_ERROR');
    expect(error.message).toContain('[1, 1]');
  });

  test('a size that cannot be known names the op', () => {
    const dynamic = graph(
      placeholder('x', [1, -1, -1, 1]),
      node('boxes', 'MyOp', ['x']),
      floats('s', [2]),
      node('y', 'ResizeBilinear', ['x', 'boxes']),
    );
    const error = thrown(() => getOutput(dynamic, 'x', 'y', 8, 8));
    expect(error.code).toBe('DNN_GENERIC_ERROR');
    expect(error.message).toContain("node 'boxes' (MyOp)");
  });
});
