import { expect, test } from 'vitest';
import { availableBackends, backends, chosenDevice, namedDevice } from './backends.ts';

test.each(availableBackends)('%s runs on the processor, with a worker for each core', (name) => {
  const device = chosenDevice(name);
  expect(device.name).toBe('cpu');
  expect([1, 2, 16, 2.5, 0].map((cores) => device.mostWorkers(cores))).toEqual([1, 2, 16, 2, 1]);
});

test('a device is named in any case of letters; another leaves the first', () => {
  expect(namedDevice('native', 'CPU')).toBe(backends.native.capabilities.devices[0]);
  expect(namedDevice('tensorflow', 'gpu')).toBeUndefined();
  expect(chosenDevice('native', 'gpu')).toBe(chosenDevice('native'));
});

test('each backend has a worker and a number of its own', () => {
  const records = Object.values(backends);
  expect(new Set(records.map(({ worker }) => worker)).size).toBe(records.length);
  expect(new Set(records.map(({ words }) => words.value)).size).toBe(records.length);
});
