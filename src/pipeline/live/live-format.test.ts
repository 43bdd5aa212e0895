import { expect, test } from 'vitest';
import { silentLogger } from '../../base/log.ts';
import { derain } from '../../filters/derain.ts';
import { dnnDetect } from '../../filters/dnn-detect.ts';
import type { DnnFilter } from '../../filters/dnn-filter.ts';
import { dnnProcessing } from '../../filters/dnn-processing.ts';
import { sr } from '../../filters/sr.ts';
import { takesFormat } from '../planning/dnn-local-filter.ts';
import { chooseLiveFormat } from './live-format.ts';
import { planLiveChain } from './plan-live-chain.ts';

const model = 'dnn_processing=model=m.pb:input=x:output=y';
type Filters = Parameters<typeof chooseLiveFormat>[0];
const of = (filter: DnnFilter, channels = -1): Filters[number] => ({
  text: filter.name,
  takes: (format) =>
    takesFormat({ filter, input: { dims: [1, -1, -1, channels], dtype: 'float32' } }, format),
});
const choose = (filters: Filters, text = 'null') =>
  chooseLiveFormat(filters, planLiveChain(text, silentLogger).formats);

test('the format is the one that all filters take with the least work', () => {
  expect(choose([of(dnnProcessing, 3)])).toEqual({ format: 'rgb24', takesNv12: false });
  expect(choose([of(dnnProcessing, 1)])).toEqual({ format: 'yuv', takesNv12: true });
  expect(choose([of(sr, 1), of(dnnDetect, 3)])).toEqual({ format: 'yuv', takesNv12: false });
  expect(choose([of(dnnDetect, 3)])).toEqual({ format: 'source', takesNv12: true });
  expect(choose([of(dnnDetect, 3), of(derain, 3)])).toMatchObject({ format: 'rgb24' });
  expect(choose([])).toEqual({ format: 'source', takesNv12: true });
});

test('format= chooses among them, and behind the last filter it says nothing', () => {
  expect(choose([of(dnnProcessing, 1)], `format=gray,${model}`)).toMatchObject({ format: 'gray' });
  expect(choose([of(dnnProcessing, 3)], `format=bgr24,${model}`)).toMatchObject({ format: 'bgr24' });
  expect(choose([of(dnnProcessing, 1)], `format=yuv444p,${model}`)).toMatchObject({ format: 'yuv' });
  expect(choose([of(dnnProcessing, 3)], `${model},format=yuv420p`)).toMatchObject({ format: 'rgb24' });
});

test('filters that no one format suits are refused with the one that does not fit', () => {
  expect(() => choose([of(derain, 3), of(sr, 1)])).toThrow('sr: takes none of the pixel formats');
  expect(() => choose([of(dnnProcessing, 3)], `format=yuv420p,${model}`)).toThrow(
    'format=yuv420p: the filters of this chain run on rgb24 or bgr24',
  );
});
