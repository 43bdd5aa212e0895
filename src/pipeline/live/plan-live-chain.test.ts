import { expect, test } from 'vitest';
import { silentLogger } from '../../base/log.ts';
import { planLiveChain } from './plan-live-chain.ts';

const model = 'dnn_processing=model=m.pb:input=x:output=y';
const boxes = 'drawbox=box_source=side_data_detection_bboxes';
const plan = (text: string) => planLiveChain(text, silentLogger);

test('DNN filters, drawing filters and formats in their order', () => {
  const { filters, formats } = plan(`format=pix_fmts=rgb24|bgr24,${model},null,${boxes},format=yuv420p`);
  expect(filters.map(({ text }) => text)).toEqual([model, boxes]);
  expect(formats.map(({ index, names }) => ({ index, names }))).toEqual([
    { index: 0, names: ['rgb24', 'bgr24'] },
    { index: 2, names: ['yuv420p'] },
  ]);
});

test.each([
  [`${model},hflip`, 'ENOSYS', 'hflip: live video has no ffmpeg', model.length + 1],
  ['drawbox=x=1', 'ENOSYS', 'drawbox runs here with box_source=side_data_detection_bboxes alone', 0],
  ['drawtext=text=a', 'ENOSYS', 'drawtext runs here with text_source=side_data_detection_bboxes alone', 0],
  ['null[a];[a]null', 'ENOSYS', 'one chain of filters, joined by commas', 11],
  ['dnn_processing=model=m.pb', 'EINVAL', 'input', 0],
])('%s is refused', (text, code, message, position) => {
  let thrown: unknown;
  try {
    plan(text);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({
    code,
    message: expect.stringContaining(message) as string,
    details: { position },
  });
});
