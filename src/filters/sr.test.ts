import { describe, expect, test } from 'vitest';
import { failure } from '../base/errors.test-support.ts';
import { filtersOf } from '../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../filtergraph/parse-filtergraph.ts';
import type { ModelInput, ModelOutput, VideoLink } from './dnn-filter.ts';
import { sr } from './sr.ts';
import type { SrContext } from './filter-context.ts';

function parse(text: string): SrContext {
  return sr.parse(filtersOf(parseFiltergraph(text))[0]!, {
    availableBackends: ['native', 'tensorflow'],
    log: () => undefined,
  });
}

describe('options', () => {
  test('the model is all that must be given', () => {
    expect(parse('sr=model=srcnn.model')).toEqual({
      backendType: 'native',
      dnnBackend: 'native',
      model: 'srcnn.model',
      input: 'x',
      outputs: ['y'],
      nireq: 0,
      async: true,
      batchSize: 0,
      onError: 'fail',
      scaleFactor: 2,
    });
  });

  test('values without a name go to the options of FFmpeg, in its order, and to no others', () => {
    expect(parse('sr=tensorflow:4:m.pb:in:out')).toMatchObject({
      backendType: 'tensorflow',
      scaleFactor: 4,
      model: 'm.pb',
      input: 'in',
      outputs: ['out'],
    });
    expect(failure(() => parse('sr=native:2:m:x:y:nireq&4')).message).toContain('No option name near');
  });

  test("the documented command lines of FFmpeg's sr", () => {
    expect(parse('sr=dnn_backend=tensorflow:model=espcn.pb:scale_factor=2').backendType).toBe('tensorflow');
  });

  test('options of later versions and of this project', () => {
    const text = "sr=model=m:nireq=3:async=0:on_error=drop:backend_configs='batch_size=4&conv2d_threads=2'";
    expect(parse(text)).toMatchObject({
      nireq: 3,
      async: false,
      batchSize: 4,
      onError: 'drop',
      conv2dThreads: 2,
    });
  });

  test.each([
    ['sr', 0, "Option 'model' of sr is missing"],
    ['sr=model=m:scale_factor=5', 24, "Value 5 for parameter 'scale_factor' out of range [2 - 4]"],
    ['sr=model=m:scale_factor=1', 24, 'out of range'],
    ['sr=model=m:output=', 18, "Option 'output' of sr is empty"],
    ['sr=model=m:dnn_backend=torch', 23, 'torch'],
    ['sr=model=m:enable=1', 11, "Timeline ('enable' option) not supported with filter 'sr'"],
  ])('%s', (text, position, words) => {
    const error = failure(() => parse(text));
    expect(error.details.position).toBe(position);
    expect(error.message).toContain(words);
  });
});

const frame: VideoLink = { format: 'yuv420p', width: 32, height: 24 };
const context = { ...parse('sr=model=m.pb'), scaleFactor: 3 };
const free: ModelInput = { dims: [1, -1, -1, 1], dtype: 'float32' };
const output = (width: number, height: number, channels = 1): ModelOutput => ({ width, height, channels });

test.each(['yuv420p', 'gray'] as const)('models of one channel only, %s', (format) => {
  const input = { ...frame, format };
  sr.configInput(context, input, free);
  const three = failure(() => {
    sr.configInput(context, input, { ...free, dims: [1, -1, -1, 3] });
  });
  expect(three.code).toBe('EIO');
  expect(three.message).toBe(
    `sr: the input of the model m.pb has 3 channels, a frame of ${format} needs 1: sr runs models with 1 channel, on luma; with this one write format=rgb24,dnn_processing=… instead`,
  );
  expect(failure(() => sr.configOutput(context, input, output(64, 48, 3))).message).toContain('3 channels');
});

test('a model that keeps the size gets the frame enlarged, one that does not the frame as it is', () => {
  expect(sr.enlargedInput!(context, frame, free, output(32, 24))).toEqual({
    ...frame,
    width: 96,
    height: 72,
  });
  expect(sr.enlargedInput!(context, frame, free, output(64, 48))).toBeUndefined();
  expect(sr.enlargedInput!(context, frame, free, output(32, 48))).toBeUndefined();
  expect(sr.configOutput(context, frame, output(64, 48))).toEqual({ ...frame, width: 64, height: 48 });
});

test('a model of one size that keeps it cannot take the enlarged frame', () => {
  const fixed: ModelInput = { ...free, dims: [1, 24, 32, 1] };
  sr.configInput(context, frame, fixed);
  expect(failure(() => sr.enlargedInput!(context, frame, fixed, output(32, 24))).message).toBe(
    'sr: the model m.pb takes frames of height 24 only, the frame has 72 (96x72 yuv420p): sr enlarges the frame 3 times before a model that keeps its size; with this one write scale=32:24:flags=bicubic,dnn_processing=… instead',
  );
});
