import { describe, expect, test } from 'vitest';
import { failure } from '../base/errors.test-support.ts';
import { filtersOf } from '../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../filtergraph/parse-filtergraph.ts';
import { derain } from './derain.ts';
import type { ModelInput, VideoLink } from './dnn-filter.ts';
import type { DerainContext } from './filter-context.ts';

function parse(text: string): DerainContext {
  return derain.parse(filtersOf(parseFiltergraph(text))[0]!, {
    availableBackends: ['native', 'tensorflow'],
    log: () => undefined,
  });
}

const context = parse('derain=model=can.pb');

describe('options', () => {
  test('the model is all that must be given; the type of filter changes nothing', () => {
    expect(context).toMatchObject({ backendType: 'native', model: 'can.pb', input: 'x', outputs: ['y'] });
    expect(context).not.toHaveProperty('enable');
    expect(parse('derain=filter_type=dehaze:model=can.pb')).toEqual(context);
  });

  test('values without a name go to the options of FFmpeg, in its order', () => {
    expect(parse('derain=1:tensorflow:m.pb:in:out')).toMatchObject({
      backendType: 'tensorflow',
      model: 'm.pb',
      input: 'in',
      outputs: ['out'],
    });
  });

  test('the timeline is kept with its place in the text', () => {
    const text = "derain=model=m.pb:enable='between(t,1,2)'";
    expect(parse(text).enable).toMatchObject({ text: 'between(t,1,2)', origin: text });
  });

  test.each([
    ["derain=model=m:enable='between(n,2,x)'", 35, "Undefined constant or missing '(' in 'x)'"],
    ['derain=model=m:filter_type=2', 27, 'out of range [0 - 1]'],
    ['derain=dnn_backend=native', 0, "Option 'model' of derain is missing"],
  ])('%s', (text, position, words) => {
    const error = failure(() => parse(text));
    expect(error.details).toMatchObject({ position, filter: 'derain' });
    expect(error.message).toContain(words);
  });
});

const frame: VideoLink = { format: 'rgb24', width: 32, height: 24 };
const model = (channels: number): ModelInput => ({ dims: [1, -1, -1, channels], dtype: 'float32' });

test('models of three channels that keep the size', () => {
  derain.configInput(context, frame, model(3));
  expect(derain.configOutput(context, frame, { width: 32, height: 24, channels: 3 })).toEqual(frame);
  const one = failure(() => {
    derain.configInput(context, frame, model(1));
  });
  expect(one.code).toBe('EIO');
  expect(one.message).toContain(
    'has 1 channel, a frame of rgb24 needs 3: derain runs models with 3 channels, on RGB; with this one write format=yuv420p',
  );
  const larger = failure(() => derain.configOutput(context, frame, { width: 64, height: 48, channels: 3 }));
  expect(larger.code).toBe('EIO');
  expect(larger.message).toBe(
    'derain: the model can.pb makes 64x48 of a 32x24 frame, which has to keep its size: write format=rgb24,dnn_processing=… with this model instead',
  );
  expect(
    failure(() => derain.configOutput(context, frame, { width: 32, height: 24, channels: 1 })).message,
  ).toContain('the output of the model can.pb has 1 channel');
});
