import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DnnError } from '../base/errors.ts';
import { filtersOf, filterText, replaceFilters, serializeFiltergraph } from './filtergraph.ts';
import { parseFiltergraph, parseSimpleFilterchain } from './parse-filtergraph.ts';
import { failure } from '../base/errors.test-support.ts';

describe('parseFiltergraph', () => {
  test('a chain', () => {
    const graph = parseFiltergraph("scale=360:240, drawtext@t=text='a, b;c' ,null");
    expect(graph.chains).toHaveLength(1);
    const nodes = filtersOf(graph);
    expect(nodes.map((node) => [node.name.text, node.instance, node.args?.text])).toEqual([
      ['scale', undefined, '360:240'],
      ['drawtext', 't', 'text=a, b;c'],
      ['null', undefined, undefined],
    ]);
    expect(filterText(graph, nodes[1]!)).toBe("drawtext@t=text='a, b;c' ");
  });

  test('chains with labels', () => {
    const graph = parseFiltergraph('[in] split [a][ b ];[a]hflip[c] ; [c] [b] hstack=inputs=2[out]');
    expect(graph.chains.map((chain) => chain.filters.length)).toEqual([1, 1, 1]);
    const labels = filtersOf(graph).map((node) => [
      node.inputs.map((label) => label.name),
      node.outputs.map((label) => label.name),
    ]);
    expect(labels).toEqual([
      [['in'], ['a', 'b']],
      [['a'], ['c']],
      [['c', 'b'], ['out']],
    ]);
    const { inputs, start, end } = filtersOf(graph)[2]!;
    expect(graph.text.slice(inputs[1]!.start, inputs[1]!.end)).toBe('[b]');
    expect(graph.text.slice(start, end)).toBe('[c] [b] hstack=inputs=2[out]');
  });

  test('sws_flags', () => {
    const graph = parseFiltergraph(' sws_flags=bilinear+bitexact; scale=2:2');
    expect(graph.swsFlags).toBe('sws_flags=bilinear+bitexact');
    expect(filtersOf(graph)).toHaveLength(1);
  });

  test('instance names as ffmpeg reads them', () => {
    const name = (text: string): [string, string | undefined] => {
      const node = filtersOf(parseFiltergraph(text))[0]!;
      return [node.name.text, node.instance];
    };
    expect(name('scale@=1')).toEqual(['scale@', undefined]);
    expect(name('a@@b')).toEqual(['a', '@b']);
    expect(name(`${'x'.repeat(29)}@b`)).toEqual([`${'x'.repeat(29)}@b`, undefined]);
  });

  test.each([
    ['', 0, "No such filter: ''"],
    ['null,', 5, "No such filter: ''"],
    ['null;;null', 5, "No such filter: ''"],
    ['=5', 0, "No such filter: ''"],
    ['null[],null', 4, 'Bad (empty?) label'],
    ['null[x', 4, "Mismatched '['"],
    ['null=1]x', 6, "Unable to parse the filtergraph at ']'"],
    ['null[a]x', 7, "Unable to parse the filtergraph at 'x'"],
    [' sws_flags=bilinear', 1, "sws_flags not terminated with ';'"],
  ])('%j is refused at %d', (text, position, message) => {
    const error = failure(() => parseFiltergraph(text));
    expect(error.code).toBe('EINVAL');
    expect(error.details.position).toBe(position);
    expect(error.message).toContain(message);
  });

  test('replacing filters leaves labels and everything else alone', () => {
    const graph = parseFiltergraph(" scale=1:1 ,[a] x='1,2' [b]; [b] null");
    const text = replaceFilters(graph, (node) =>
      node.name.text === 'x' ? 'format=gray,showinfo' : undefined,
    );
    expect(text).toBe(' scale=1:1 ,[a] format=gray,showinfo[b]; [b] null');
  });

  const tricky = fc
    .array(
      fc.constantFrom(
        'null',
        'a',
        ' ',
        '\n',
        '\\',
        "'",
        ':',
        ',',
        ';',
        '[',
        ']',
        '[a]',
        '=',
        '@',
        'sws_flags=',
      ),
      { maxLength: 16 },
    )
    .map((parts) => parts.join(''));

  test('any text is parsed or refused with a position, and what is parsed is written back unchanged', () => {
    fc.assert(
      fc.property(fc.oneof(tricky, fc.string({ unit: 'binary', maxLength: 30 })), (text) => {
        let graph;
        try {
          graph = parseFiltergraph(text);
        } catch (error) {
          expect(error).toBeInstanceOf(DnnError);
          const { position } = (error as DnnError).details;
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position).toBeLessThanOrEqual(text.length);
          return;
        }
        expect(serializeFiltergraph(graph)).toBe(text);
        let position = 0;
        for (const node of filtersOf(graph)) {
          expect(node.start).toBeGreaterThanOrEqual(position);
          expect(node.bodyStart).toBeGreaterThanOrEqual(node.start);
          expect(node.bodyEnd).toBeGreaterThan(node.bodyStart);
          expect(node.end).toBeGreaterThanOrEqual(node.bodyEnd);
          position = node.end;
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('a long graph is read in linear time', () => {
    const text = Array.from({ length: 20_000 }, () => 'null[a];[a]null').join(',');
    expect(filtersOf(parseFiltergraph(text))).toHaveLength(40_000);
  });
});

describe('parseSimpleFilterchain', () => {
  test('labels of the open ends are free', () => {
    expect(filtersOf(parseSimpleFilterchain('[foo]null[a];[a]null[bar]'))).toHaveLength(2);
  });

  test('a second open end is refused at its label', () => {
    const error = failure(() => parseSimpleFilterchain('[a][b]hstack'));
    expect(error.message).toContain('[b] is a second input');
    expect(error.details.position).toBe(3);
    expect(failure(() => parseSimpleFilterchain('split[a][b]')).message).toContain('[b] is a second output');
  });
});
