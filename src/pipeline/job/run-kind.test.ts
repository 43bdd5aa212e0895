import { expect, test } from 'vitest';
import type { ExecRequest } from '../../workers/pipeline-api.ts';
import { discardedOutputs } from './output-collector.ts';
import { runKindOf, type RunKind } from './run-kind.ts';

const outputs = discardedOutputs();
const target = new WritableStream<Uint8Array>();

function kindFor(request: Partial<ExecRequest>): RunKind {
  const whole: ExecRequest = {
    args: [],
    timeout: -1,
    cwd: '/job',
    outputs: [],
    defaultOutput: undefined,
    reportsDetections: false,
    reportsTimeline: false,
    ...request,
  };
  return runKindOf(whole, () => outputs);
}

test('a whole run goes to its end, and so do its files', () => {
  const kind = kindFor({ outputs: [{ path: 'found.json', target }] });
  expect(kind.stopAfter).toBeUndefined();
  expect(kind.plainRefusal).toBeUndefined();
  expect(kind.collectOutputs()).toBe(outputs);
  expect(kind.ownFile('/job/found.json')).toEqual({ path: '/job/found.json', target });
  expect(kind.ownFile('other.json')).toEqual({ path: '/job/other.json', target: undefined });
});

test('own files without a target go where all others go', () => {
  const defaultOutput = { url: 'https://example.org/files' };
  const kind = kindFor({ outputs: [{ path: 'a.mkv', target }], defaultOutput });
  expect(kind.ownFile('found.json')).toEqual({ path: '/job/found.json', target: defaultOutput });
});

test('a trial stops by itself, writes nothing and needs a DNN filter', () => {
  const kind = kindFor({ trial: { frames: 3, seconds: 1 }, outputs: [{ path: 'found.json', target }] });
  expect(kind.stopAfter).toEqual({ frames: 3, seconds: 1 });
  expect(kind.collectOutputs().coreOutputs).toEqual({ mode: 'discard' });
  expect(kind.collectOutputs()).not.toBe(outputs);
  expect(kind.ownFile('found.json')).toBeUndefined();
  expect(kind.plainRefusal).toBe('A trial is for a command with a DNN filter, and this one has none.');
});
