import { expect, test } from 'vitest';
import { refuseMisspelt } from './misspelt-filters.ts';

test.each([
  ['scale=64:48,dnn_procesing=model=m.pb', /^No such filter: 'dnn_procesing': did you mean dnn_processing\?/],
  ['[0:v]dnn-detect=model=m.pb[a]', /did you mean dnn_detect\?/],
  ['derian', /did you mean derain\?/],
  ['dnnclassify', /did you mean dnn_classify\?/],
  ['dnn_upscale=2', /the DNN filters are derain, dnn_classify, dnn_detect, dnn_processing, sr/],
])('%s is refused', (text, message) => {
  expect(() => {
    refuseMisspelt(text);
  }).toThrow(message);
});

test('the message points at the name', () => {
  expect(() => {
    refuseMisspelt('null,dnn_detct');
  }).toThrow(expect.objectContaining({ details: expect.objectContaining({ position: 5 }) as object }));
});

test.each([
  'sr',
  'dnn_processing=x',
  'scale,setsar,derain',
  'sar',
  'deband,delogo,drawtext=text=derian',
  '[',
])('%s is left to whoever runs it', (text) => {
  refuseMisspelt(text);
});
