import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DNNData, FrameSize } from '../../../dnn/contract/interface.ts';
import type { Graph } from '../../../graph/graph.ts';
import {
  floats,
  graph,
  ints,
  node,
  placeholder,
  convolution,
} from '../../../graph/graph-builder.test-support.ts';
import { pictures, runGraph } from '../../../graph/run-graph.test-support.ts';
import { blocks, espcn, randomNetwork, specOf } from '../lowering/networks.test-support.ts';
import { nativeModel } from './native-model.test-support.ts';

function picture(n: number, height: number, width: number, channels: number): DNNData {
  return {
    data: pictures(n, height, width, channels).data as Float32Array,
    dims: [n, height, width, channels],
  };
}

/** Number of values whose bits differ. */
function differences(one: Float32Array, other: Float32Array): number {
  const [a, b] = [one, other].map((data) => new Uint32Array(data.buffer, data.byteOffset, data.length));
  return a!.filter((word, index) => word !== b![index]).length + Math.abs(a!.length - b!.length);
}

async function run(model: Graph, input: DNNData, stripRows?: number, outputs = ['y']): Promise<DNNData[]> {
  const native = nativeModel(specOf(model, outputs), stripRows);
  const result = await native.execute(input);
  native.close();
  return [...result];
}

const size = fc.record({ height: fc.integer({ min: 3, max: 40 }), width: fc.integer({ min: 3, max: 17 }) });

describe('random networks', () => {
  test('agree with the definition', async () => {
    await fc.assert(
      fc.asyncProperty(
        blocks,
        size,
        fc.integer({ min: 1, max: 3 }),
        async (list, { height, width }, channels) => {
          const model = randomNetwork(list, channels);
          const input = picture(1, height, width, channels);
          const [result] = await run(model, input);
          const wanted = runGraph(model, { x: pictures(1, height, width, channels) }, 'y');
          expect(result!.dims).toEqual(wanted.shape);
          const largest = Math.max(1, ...Array.from(wanted.data, Math.abs));
          result!.data.forEach((value, index) => {
            expect(Math.abs(value - wanted.data[index]!) / largest).toBeLessThan(2e-5);
          });
        },
      ),
      { numRuns: 30 },
    );
  });

  test('give the same bits in strips of any height, for any batch and for parts of the rows', async () => {
    const cut = fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    await fc.assert(
      fc.asyncProperty(
        blocks,
        size,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 6 }),
        cut,
        async (list, { height, width }, rows, group, ends) => {
          const spec = specOf(randomNetwork(list, 2));
          const input = picture(3, height, width, 2);
          const values = input.data.length / 3;
          const one: DNNData = { data: input.data.subarray(values, 2 * values), dims: [1, height, width, 2] };
          const whole = (await nativeModel(spec, 10_000, 'direct').execute(one))[0]!;
          const strips = nativeModel(spec, rows, 'direct', 'relaxed', group);
          expect(differences((await strips.execute(one))[0]!.data, whole.data)).toBe(0);
          const batch = (await nativeModel(spec, undefined, 'direct').execute(input))[0]!;
          const part = batch.data.length / 3;
          expect(differences(batch.data.slice(part, 2 * part), whole.data)).toBe(0);
          const outHeight = whole.dims[1];
          const [from, to] = ends.map((end) => Math.round(end * outHeight)).sort((a, b) => a - b) as [
            number,
            number,
          ];
          const empty: DNNData = { data: new Float32Array(whole.data.length).fill(-7), dims: whole.dims };
          const cutOut = (await strips.execute(one, [empty], { from, to }))[0]!;
          const rowValues = whole.data.length / outHeight;
          const wanted = new Float32Array(whole.data.length).fill(-7);
          wanted.set(whole.data.subarray(from * rowValues, to * rowValues), from * rowValues);
          expect(differences(cutOut.data, wanted)).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });
});

test('several outputs: a tensor twice, one inside, the input, a constant', async () => {
  const model = graph(
    placeholder('x', [1, -1, -1, 1]),
    ...convolution('c', 'x', [3, 3, 1, 4]),
    floats('k', [1, 1, 2, 3]),
    node('y', 'DepthToSpace', ['c'], { block_size: 2 }),
  );
  const input = picture(2, 13, 6, 1);
  const results = await run(model, input, 3, ['y', 'c', 'x', 'y', 'k']);
  expect(results.map(({ dims }) => dims)).toEqual([
    [2, 26, 12, 1],
    [2, 13, 6, 4],
    [2, 13, 6, 1],
    [2, 26, 12, 1],
    [2, 1, 2, 3],
  ]);
  const [whole] = await run(model, input, 100);
  expect(differences(results[0]!.data, whole!.data)).toBe(0);
  expect(differences(results[3]!.data, whole!.data)).toBe(0);
  expect(differences(results[2]!.data, input.data)).toBe(0);
  expect(results[4]!.data.slice(0, 6)).toEqual(results[4]!.data.slice(6));
});

test('a layer that needs all rows gets them, and what follows is streamed again', async () => {
  const model = graph(
    placeholder('x', [1, -1, -1, 3]),
    ...convolution('c', 'x', [3, 3, 3, 5]),
    ints('axes', [1, 2]),
    node('m', 'Mean', ['c', 'axes'], { keep_dims: true }),
    node('s', 'Sigmoid', ['m']),
    node('y', 'Mul', ['c', 's']),
  );
  const input = picture(1, 50, 7, 3);
  const [strips, whole] = [await run(model, input, 2), await run(model, input, 1000)];
  expect(whole[0]!.dims).toEqual([1, 50, 7, 5]);
  expect(differences(strips[0]!.data, whole[0]!.data)).toBe(0);
});

test('bytes in and out give what the conversion of whole frames gives', async () => {
  const spec = specOf(espcn());
  const size = { height: 19, width: 23, channels: 1 };
  const image = Uint8Array.from({ length: 19 * 23 }, (_, index) => (index * 89) % 256);
  const native = nativeModel(spec, 4);
  const outSize = { height: 38, width: 46, channels: 1 };
  expect(await native.takesBytes(size, outSize)).toBe(true);
  expect(await native.takesBytes(size, size)).toBe(false);
  const out = new Uint8Array(38 * 46);
  await native.executeBytes([image], size, [out]);
  const data = Float32Array.from(image, (value) => value * Math.fround(1 / 255));
  const [floatsOut] = await native.execute({ data, dims: [1, 19, 23, 1] });
  expect(out).toEqual(
    new Uint8Array(Uint8ClampedArray.from(floatsOut!.data, (value) => Math.fround(255 * value)).buffer),
  );
});

describe('rows of 8-bit images', () => {
  const image = (size: FrameSize): Uint8Array =>
    Uint8Array.from({ length: size.height * size.width * size.channels }, (_, index) => (index * 89) % 256);

  test('are those of the whole result, byte for byte, wherever it is cut', async () => {
    const cuts = fc.uniqueArray(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        blocks,
        size,
        fc.integer({ min: 1, max: 6 }),
        cuts,
        async (list, sides, group, ends) => {
          const spec = specOf(randomNetwork(list, 1));
          const frame = { ...sides, channels: 1 };
          const [whole, strips] = [nativeModel(spec), nativeModel(spec, undefined, 'auto', 'relaxed', group)];
          const { dims } = (await whole.execute(picture(1, frame.height, frame.width, 1)))[0]!;
          const rowBytes = dims[2] * dims[3];
          const wanted = new Uint8Array(dims[1] * rowBytes);
          await whole.executeBytes([image(frame)], frame, [wanted]);
          const cuts = [0, ...ends.map((end) => Math.round(end * dims[1])), dims[1]].sort((a, b) => a - b);
          for (const [index, to] of cuts.slice(1).entries()) {
            const from = cuts[index]!;
            if (from === to) continue;
            const rows = new Uint8Array((to - from) * rowBytes);
            await strips.executeBytes([image(frame)], frame, [rows], { from, to });
            expect(rows).toEqual(wanted.subarray(from * rowBytes, to * rowBytes));
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test('that are not there, or for which there is no room, are refused', async () => {
    const native = nativeModel(specOf(espcn()));
    const frame = { height: 8, width: 6, channels: 1 };
    for (const [from, to, bytes] of [
      [0, 17, 17 * 12],
      [4, 4, 0],
      [-1, 4, 5 * 12],
      [0.5, 1.5, 12],
      [4, 8, 16 * 12],
    ] as const) {
      const run = native.executeBytes([image(frame)], frame, [new Uint8Array(bytes)], { from, to });
      await expect(run).rejects.toThrow(`of which the rows ${from} … ${to - 1} were asked for`);
    }
  });

  test('cost their share and what overlaps', async () => {
    // Winograd's tiles would round the parts to groups of rows.
    const native = nativeModel(specOf(espcn()), undefined, 'direct');
    const [frame, out] = [
      { height: 100, width: 50, channels: 1 },
      { height: 200, width: 100, channels: 1 },
    ];
    const halves = [
      { from: 0, to: 100 },
      { from: 100, to: 200 },
    ];
    const shares = (await native.rowShares(frame, out, [...halves, { from: 0, to: 200 }]))!;
    // ESPCN: 50 of 100 rows, one more of the layer before the last, two more of the first.
    const [one, two, three] = [25 * 64 + 64, 9 * 64 * 32 + 32, 9 * 32 * 4 + 4 + 4];
    const exact = (50 * three + 51 * two + 52 * one) / (100 * (one + two + three));
    expect(shares[0]).toBeCloseTo(exact, 3);
    expect(shares[1]).toBeCloseTo(exact, 3);
    expect(shares[2]).toBe(1);
    expect(await native.rowShares(frame, frame, halves)).toBeUndefined();
  });
});

test('the memory for a frame grows with its width only', async () => {
  const native = nativeModel(specOf(espcn()));
  await native.executeBytes([new Uint8Array(1920 * 40)], { height: 40, width: 1920, channels: 1 }, [
    new Uint8Array(4 * 1920 * 40),
  ]);
  expect(native.memoryBytes()).toBeLessThan(64 * 2 ** 20);
  const before = native.memoryBytes();
  const size = { height: 1080, width: 1920, channels: 1 };
  expect(await native.takesBytes(size, { height: 2160, width: 3840, channels: 1 })).toBe(true);
  expect(await native.arenaBytes(size)).toBeLessThan(64 * 2 ** 20);
  expect(before).toBeGreaterThan(0);
  native.close();
  expect(native.memoryBytes()).toBe(0);
});

test('everything without a layer is named at once', async () => {
  const model = graph(
    placeholder('x', [1, -1, -1, 4]),
    node('b', 'Bucketize', ['x']),
    node('l', 'Lgamma', ['x']),
    node('y', 'Zeta', ['b', 'l']),
  );
  const native = nativeModel({ graph: model, batchFree: true, input: 'x', outputs: ['y'] });
  await expect(native.execute(picture(1, 4, 4, 4))).rejects.toThrow(
    /no layer for: Bucketize, Lgamma, Zeta\. dnn_backend=tensorflow may have them/,
  );
});

test('a list as output leaves the layers before it their strips', async () => {
  const model = graph(
    placeholder('x', [1, -1, -1, 3]),
    ...convolution('c', 'x', [3, 3, 3, 16]),
    node('p', 'MaxPool', ['c'], { ksize: [1, 8, 8, 1], strides: [1, 8, 8, 1], padding: 'SAME' }),
    ints('list', [1, -1]),
    node('y', 'Reshape', ['p', 'list']),
  );
  const native = nativeModel({ graph: model, batchFree: false, input: 'x', outputs: ['y'] });
  const bytes = await native.arenaBytes({ height: 512, width: 512, channels: 3 });
  // All that the convolution gives takes 16 MiB.
  expect(bytes).toBeLessThan(4 * 2 ** 20);
  native.close();
});

test('frames of many sizes, and calls after close', async () => {
  const spec = specOf(espcn());
  const native = nativeModel(spec);
  for (const height of [5, 6, 7, 8, 5]) {
    const input = picture(1, height, 9, 1);
    const [result] = await native.execute(input);
    const [fresh] = await nativeModel(spec).execute(input);
    expect(differences(result!.data, fresh!.data)).toBe(0);
  }
  native.close();
  native.close();
  await expect(native.execute(picture(1, 5, 9, 1))).rejects.toThrow(/after close/);
});

describe('tensors that are not images', () => {
  const [height, width, channels] = [5, 4, 3];
  const input = picture(2, height, width, channels);
  const value = (n: number, pixel: number, c: number): number =>
    input.data[(n * height * width + pixel) * channels + c]!;
  const expectAll = (result: DNNData, wanted: (n: number, pixel: number, c: number) => number): void => {
    const count = result.data.length / (2 * height * width);
    result.data.forEach((actual, index) => {
      const pixel = Math.floor(index / count) % (height * width);
      const n = Math.floor(index / (count * height * width));
      expect(Math.abs(actual - wanted(n, pixel, index % count))).toBeLessThan(1e-5);
    });
  };

  test('attention: every pixel is a mean of all, weighted by what they have in common', async () => {
    const model = graph(
      placeholder('x', [-1, height, width, channels]),
      ints('list', [-1, height * width, channels]),
      node('pixels', 'Reshape', ['x', 'list']),
      node('common', 'BatchMatMulV2', ['pixels', 'pixels'], { adj_x: false, adj_y: true }),
      node('weights', 'Softmax', ['common']),
      node('mean', 'BatchMatMulV2', ['weights', 'pixels'], { adj_x: false, adj_y: false }),
      ints('size', [-1, height, width, channels]),
      node('y', 'Reshape', ['mean', 'size']),
    );
    const all = Array.from({ length: height * width }, (_, pixel) => pixel);
    const [result] = await run(model, input);
    expect(result!.dims).toEqual([2, height, width, channels]);
    expectAll(result!, (n, pixel, c) => {
      const factors = all.map((other) =>
        Math.exp([0, 1, 2].reduce((sum, k) => sum + value(n, pixel, k) * value(n, other, k), 0)),
      );
      const sum = factors.reduce((total, factor) => total + factor, 0);
      return all.reduce((mean, other) => mean + (factors[other]! / sum) * value(n, other, c), 0);
    });
  });

  test('channels that are unpacked and packed in another order', async () => {
    const model = graph(
      placeholder('x', [-1, height, width, channels]),
      node('parts', 'Unpack', ['x'], { axis: -1, num: 3 }),
      node('first', 'Neg', ['parts:2']),
      node('y', 'Pack', ['first', 'parts', 'first'], { axis: 3 }),
    );
    const [result] = await run(model, input);
    expect(result!.dims).toEqual([2, height, width, 3]);
    expectAll(result!, (n, pixel, c) => (c === 1 ? value(n, pixel, 0) : -value(n, pixel, 2)));
  });

  test('two packed images of rank 5, of which one is taken again', async () => {
    const model = graph(
      placeholder('x', [-1, height, width, channels]),
      node('n', 'Neg', ['x']),
      node('p', 'Pack', ['x', 'n'], { axis: 1 }),
      node('r', 'Relu', ['p']),
      node('parts', 'Unpack', ['r'], { axis: 1, num: 2 }),
      node('y', 'Identity', ['parts:1']),
    );
    const [result] = await run(model, input);
    expectAll(result!, (n, pixel, c) => Math.max(0, -value(n, pixel, c)));
  });

  test('a convolution of what is no picture is named', async () => {
    const model = graph(
      placeholder('x', [1, 4, 4, 3]),
      ints('two', [2, 2, 4, 3]),
      node('p', 'Reshape', ['x', 'two']),
      ...convolution('y', 'p', [1, 1, 3, 1]),
    );
    await expect(run(model, picture(1, 4, 4, 3))).rejects.toThrow(/Conv2D of \[2, 2, 4, 3\]/);
  });
});
