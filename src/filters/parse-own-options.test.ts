import { expect, test } from 'vitest';
import { availableBackends } from '../dnn/contract/backends.ts';
import { filtersOf } from '../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../filtergraph/parse-filtergraph.ts';
import { findDnnFilter } from './filters.ts';

function parse(text: string): unknown {
  const node = filtersOf(parseFiltergraph(text))[0]!;
  return findDnnFilter(node).parse(node, { availableBackends, log: () => undefined });
}

test.each(['dnn_processing', 'sr', 'derain', 'dnn_detect', 'dnn_classify'])(
  'a model without a name is told apart from the first option of %s',
  (filter) => {
    for (const model of ['espcn.pb', './nets/x', 'net/model.json'])
      expect(() => parse(`${filter}=${model}:input=x:output=y`)).toThrow(
        new RegExp(
          `'${model}' stands without a name, so it is the value of \\w+, which is no file: write model=${model}`,
        ),
      );
  },
);

test('the message points at the model', () => {
  expect(() => parse('sr=a.pb')).toThrow(
    expect.objectContaining({ code: 'EINVAL', details: expect.objectContaining({ position: 3 }) as object }),
  );
});

test.each([
  ['sr=native:model=m.pb', undefined],
  ['sr=1:model=m.pb', undefined],
  ['sr=0.5', /required|model/],
  ['sr=natve:model=m.pb', /Unable to parse option value "natve"/],
])('%s is read as FFmpeg reads it', (text, message) => {
  if (message === undefined) expect(parse(text)).toMatchObject({ model: 'm.pb' });
  else expect(() => parse(text)).toThrow(message);
});
