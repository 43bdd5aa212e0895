import { expect, test } from 'vitest';
import { failure } from '../base/errors.test-support.ts';
import { filtersOf } from '../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../filtergraph/parse-filtergraph.ts';
import { dnnClassify } from './dnn-classify.ts';
import type { AnalyticsContext } from './filter-context.ts';

function parse(text: string): AnalyticsContext {
  return dnnClassify.parse(filtersOf(parseFiltergraph(text))[0]!, {
    availableBackends: ['tensorflow', 'native'],
    log: () => undefined,
  });
}

const base = 'dnn_classify=model=m.pb:input=data:output=prob';

test('the defaults', () => {
  expect(parse(base)).toMatchObject({
    backendType: 'tensorflow',
    outputs: ['prob'],
    analytics: { kind: 'classify', confidence: 0.5, labels: [] },
  });
  expect(parse(base).analytics).not.toHaveProperty('target');
  for (const name of ['labels', 'dnnBackend']) expect(parse(base)).not.toHaveProperty(name);
});

test("the command line of FFmpeg's documentation", () => {
  expect(
    parse(
      'dnn_classify=dnn_backend=native:model=emotions.xml:input=data:output=prob_emotion:confidence=0.3:labels=emotions.label:target=face',
    ),
  ).toMatchObject({
    backendType: 'native',
    labels: 'emotions.label',
    analytics: { confidence: 0.3, target: 'face' },
  });
});

test('values without names, as FFmpeg 5.1 assigns them', () => {
  expect(parse('dnn_classify=1:m.pb:x:y:backend_configs=scale=2:1:0.25:names.txt:car')).toMatchObject({
    backendType: 'tensorflow',
    scale: 2,
    labels: 'names.txt',
    analytics: { confidence: 0.25, target: 'car' },
  });
});

test('options of detection are unknown', () => {
  expect(failure(() => parse(`${base}:model_type=ssd`)).message).toContain(
    "Option 'model_type' of dnn_classify not found",
  );
});

test('links and enable, as of the filters of its kind', () => {
  const link = { format: 'nv12', width: 64, height: 48 } as const;
  dnnClassify.configInput(parse(base), link, { dims: [1, 64, 64, 1], dtype: 'float32' });
  expect(dnnClassify.configOutput(parse(base), link, { width: 1, height: 1, channels: 7 })).toEqual(link);
  expect(failure(() => parse(`${base}:enable=1`)).code).toBe('ENOSYS');
});
