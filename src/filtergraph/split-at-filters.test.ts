import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DnnError } from '../base/errors.ts';
import { parseFiltergraph } from './parse-filtergraph.ts';
import { segmentText, splitAtFilters } from './split-at-filters.ts';

/** The segments as text; a DNN filter (any whose name begins with `dnn`) as its name in angle brackets. */
function split(text: string, before = '', after = ''): string[] {
  return splitAtFilters(parseFiltergraph(text), ({ name }) => name.text.startsWith('dnn')).map((segment) =>
    segment.kind === 'dnn' ? `<${segment.node.name.text}>` : segmentText(segment, before, after),
  );
}

function refusal(text: string): DnnError {
  try {
    split(text);
  } catch (error) {
    if (error instanceof DnnError) return error;
    throw error;
  }
  throw new Error(`${text} was not refused`);
}

describe('splitAtFilters', () => {
  test.each<[string, string[]]>([
    ['null', ['null']],
    ['dnn', ['<dnn>']],
    ['[in]dnn[out]', ['<dnn>']],
    ["scale=1:1,dnn=model='a,b',format=gray", ['scale=1:1', '<dnn>', 'format=gray']],
    ['dnn1=a,dnn2', ['<dnn1>', '<dnn2>']],
    ['dnn1,null,dnn2', ['<dnn1>', 'null', '<dnn2>']],
    ['sws_flags=x;scale=1:1,dnn,null', ['sws_flags=x;scale=1:1', '<dnn>', 'sws_flags=x;null']],
    ['scale=1:1[a];[a]dnn[b];[b]null', ['scale=1:1[a]', '<dnn>', '[b]null']],
    ['[b]null;scale=1:1[a];[a]dnn[b]', ['scale=1:1[a]', '<dnn>', '[b]null']],
    [
      'split[a][b];[a][b]hstack,dnn,split[c][d];[c][d]vstack[z]',
      ['split[a][b];[a][b]hstack', '<dnn>', 'split[c][d];[c][d]vstack[z]'],
    ],
    [
      "movie='logo, 1.png'[m];scale=1:1,dnn1,[m]overlay=5:5,dnn2",
      ['scale=1:1', '<dnn1>', "movie='logo, 1.png'[m];[m]overlay=5:5", '<dnn2>'],
    ],
  ])('%s', (text, expected) => {
    expect(split(text)).toEqual(expected);
  });

  test.each<[string, string[]]>([
    ['null', ['B,null,A']],
    ['[in]null[out]', ['B[in];[in]null[out];[out]A']],
    ['scale=1:1[a];[a]dnn[b];[b]null', ['B,scale=1:1[a];[a]A', '<dnn>', 'B[b];[b]null,A']],
    [
      'sws_flags=x;movie=m[m];null,dnn,[m]overlay',
      ['sws_flags=x;B,null,A', '<dnn>', 'sws_flags=x;movie=m[m];B,[m]overlay,A'],
    ],
    ['dnn,split[c][d];[c][d]vstack[z]', ['<dnn>', 'B,split[c][d];[c][d]vstack[z];[z]A']],
  ])('filters around the parts of %s', (text, expected) => {
    expect(split(text, 'B', 'A')).toEqual(expected);
  });

  test('only one side', () => {
    expect(split('a,dnn,b', 'B')).toEqual(['B,a', '<dnn>', 'B,b']);
    expect(split('a,dnn,b', '', 'A')).toEqual(['a,A', '<dnn>', 'b,A']);
  });

  test.each([
    ['split[a][b];[a]dnn[c];[c][b]overlay', 12],
    ['split[a][b];[a]dnn1[c];[b]dnn2[d];[c][d]hstack', 23],
    ['[a]dnn[a]', 0],
    ['null;dnn', 5],
    ['[x]null[y];[y]null[x];dnn', 22],
  ])('%s cannot be cut', (text, position) => {
    const error = refusal(text);
    expect(error.code).toBe('ENOSYS');
    expect(error.details.position).toBe(position);
    expect(error.message).toContain('-filter_complex');
  });

  test.each([
    ['[a][b]dnn', 'is a second input'],
    ['null,[a]dnn', 'exactly one input and one output'],
    ['null[x],dnn;[x]nullsink', 'exactly one input and one output'],
    ['dnn[x],null', 'exactly one input and one output'],
    ['dnn[x];[x]null;[x]null', 'exactly one input and one output'],
    ['null,dnn,[z]overlay', 'no other filter of the graph is linked to [z]'],
    ['split[z],null,dnn', 'no other filter of the graph is linked to [z]'],
  ])('%s is no simple graph', (text, message) => {
    const error = refusal(text);
    expect(error.code).toBe('EINVAL');
    expect(error.message).toContain(message);
  });

  test('any chain of words is cut in order and loses no word', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('null', "drawtext=text='a,b'", 'dnn=x=1', 'scale=1:1'), { minLength: 1 }),
        fc.constantFrom(',', ' , ', '[l];[l]'),
        (words, separator) => {
          const numbered = words
            .map((word, index) => (index === 0 ? '' : separator.replaceAll('l', `l${index}`)) + word)
            .join('');
          const back = splitAtFilters(parseFiltergraph(numbered), ({ name }) => name.text === 'dnn').flatMap(
            (segment) =>
              segment.kind === 'dnn'
                ? ['dnn=x=1']
                : segmentText(segment)
                    .replaceAll(/\[l\d+\]/g, '')
                    .replaceAll(';', ',')
                    .split(/ ?, ?(?!b')/),
          );
          expect(back.map((word) => word.trim())).toEqual(words);
        },
      ),
    );
  });

  test('any graph is cut or refused with a DnnError', () => {
    const part = fc.constantFrom('null', 'dnn', 'split', '[a]', '[b]', ',', ';', '=1');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
        try {
          expect(split(parts.join('')).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(DnnError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
