import { expect, test } from 'vitest';
import type { AnalyticsContext } from '../../filters/filter-context.ts';
import { runnerTask } from './runner-task.ts';

const common = {
  backendType: 'native',
  model: 'm.pb',
  input: 'x',
  outputs: ['y'],
  nireq: 0,
  async: true,
  batchSize: 0,
  onError: 'fail',
} as const;
const classify: AnalyticsContext = {
  ...common,
  analytics: { kind: 'classify', confidence: 0.5, labels: [], target: 'face' },
};
const input = { dims: [1, 48, 64, 3], dtype: 'float32' } as const;
const asked: string[] = [];
const readFile = (path: string): Promise<Uint8Array> => {
  asked.push(path);
  return path === '/net/names.txt'
    ? Promise.resolve(new TextEncoder().encode('cat\ndog\n'))
    : Promise.reject(new Error('no such file'));
};

test('a filter without options of analysis makes pictures', async () => {
  expect(await runnerTask(common, input, 'rgb', '/', readFile)).toEqual({
    kind: 'process',
    setup: undefined,
  });
});

test('one with them looks at pixels of the order, size and channels of the model', async () => {
  expect(await runnerTask(classify, input, 'bgr', '/', readFile)).toEqual({
    kind: 'analyse',
    setup: {
      input: { width: 64, height: 48, channels: 3, order: 'bgr', mean: 0, scale: 1 },
      options: classify.analytics,
    },
  });
  const scaled = { ...classify, mean: 127.5, scale: 2 };
  const gray = { ...input, dims: [1, 8, 9, 1] } as const;
  expect(await runnerTask(scaled, gray, 'rgb', '/', readFile)).toMatchObject({
    setup: { input: { width: 9, height: 8, channels: 1, order: 'rgb', mean: 127.5, scale: 2 } },
  });
  expect(asked).toEqual([]);
});

test('labels are read from their file, as the user names it', async () => {
  const named = { ...classify, labels: 'names.txt' };
  expect(await runnerTask(named, input, 'rgb', '/net', readFile)).toMatchObject({
    setup: { options: { kind: 'classify', target: 'face', labels: ['cat', 'dog'] } },
  });
  await expect(runnerTask(named, input, 'rgb', '/', readFile)).rejects.toMatchObject({
    code: 'EINVAL',
    message: "option labels: cannot read 'names.txt': no such file; check the path",
    details: { option: 'labels', file: 'names.txt' },
  });
});
