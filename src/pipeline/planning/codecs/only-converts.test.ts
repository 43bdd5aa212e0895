import { expect, test } from 'vitest';
import { cutFilterchain } from '../../command/plan-filterchain.ts';
import { onlyConverts } from './only-converts.ts';

const chain = (text: string) => cutFilterchain(text, ({ name }) => name.text === 'dnn_processing');

test.each([
  'dnn_processing',
  'format=rgb24,dnn_processing',
  'format=pix_fmts=bgr24|rgb24,dnn_processing',
  '[in]format=rgb24,dnn_processing,scale=2:2',
])('%s: one conversion', (text) => {
  expect(onlyConverts(chain(text), 'rgb24')).toBe(true);
});

test.each([
  // The scaler works twice.
  'format=bgr24,dnn_processing',
  'format=yuv444p,format=rgb24,dnn_processing',
  'scale=64:64,dnn_processing',
  'sws_flags=neighbor;format=rgb24,dnn_processing',
  'hflip,format=rgb24,dnn_processing',
])('%s: more than that', (text) => {
  expect(onlyConverts(chain(text), 'rgb24')).toBe(false);
});
