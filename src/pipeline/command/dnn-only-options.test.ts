import { expect, test } from 'vitest';
import { parseCommand } from './command.ts';
import { requireDetection, requireDnn } from './dnn-only-options.ts';

const command = (line: string) => parseCommand(line.split(' '));

test('-dnn_detections needs a filter that detects', () => {
  const asking = command('-i a -dnn_detections found.json o.mp4');
  expect(() => {
    requireDetection(asking, false);
  }).toThrow(/^-dnn_detections found.json: no filter of the command detects anything/);
  requireDetection(asking, true);
  requireDetection(command('-i a o.mp4'), false);
});

test('-dnn_timeline needs a DNN filter', () => {
  expect(() => {
    requireDnn(command('-i a -dnn_timeline who.json o.mp4'), undefined);
  }).toThrow(/^-dnn_timeline who.json: the command has no DNN filter/);
  requireDnn(command('-i a o.mp4'), undefined);
});

test('a kind of run that is refused without a DNN filter is refused first', () => {
  expect(() => {
    requireDnn(command('-i a -dnn_timeline who.json o.mp4'), 'Not for this.');
  }).toThrow('Not for this.');
});
