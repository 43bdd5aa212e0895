import { describe, expect, it } from 'vitest';
import type { FilterNode } from '../../filtergraph/filtergraph.ts';
import { parseCommand } from './command.ts';
import { filterScripts, planCommand, type PlanResult } from './plan.ts';
import { partText } from './plan-filterchain.ts';

const isOwnFilter = ({ name }: FilterNode): boolean => ['dnn_processing', 'sr'].includes(name.text);

function plan(argv: readonly string[], scripts?: ReadonlyMap<string, string>): PlanResult {
  return planCommand(parseCommand(argv), { isOwnFilter, ...(scripts === undefined ? {} : { scripts }) });
}

describe('planCommand', () => {
  it.each([
    ['-i a.mp4 -vf scale=2:2 o.mp4'],
    ['-i a.mp4 -vn -vf sr=x o.mp3'],
    ['-i a.mp4 -vf sr=x -vf null o.mp4'],
    ['-i a.mp4 -vf drawtext=text=sr o.mp4'],
    ['-i a.mp4 -vf scale=[ o.mp4'],
    ['-version'],
  ])('leaves %s to ffmpeg', (line) => {
    expect(plan(line.split(' '))).toEqual({ kind: 'plain', argv: line.split(' ') });
  });

  it('cuts the chain, quoting intact', () => {
    const result = plan(['-i', 'a', '-vf', "scale=4:4,sr=model='a,b',hflip,vflip,dnn_processing=x", 'o.mkv']);
    if (result.kind !== 'dnn') throw new Error('not planned');
    const { chain } = result.plan.chains[0]!;
    expect(chain.dnnFilters.map(({ name, text, position }) => ({ name, text, position }))).toEqual([
      { name: 'sr', text: "sr=model='a,b'", position: 10 },
      { name: 'dnn_processing', text: 'dnn_processing=x', position: 37 },
    ]);
    expect([0, 1, 2].map((index) => partText(chain, index, 'A', 'B'))).toEqual([
      'A,scale=4:4,B',
      'A,hflip,vflip,B',
      'A,B',
    ]);
  });

  it('numbers the DNN filters as a frame passes them, however the chains are written', () => {
    const result = plan(['-i', 'a', '-vf', '[m]sr=second;dnn_processing=first[m]', 'o.mkv']);
    if (result.kind !== 'dnn') throw new Error('not planned');
    const dnnFilters = result.plan.filters;
    expect(dnnFilters.map(({ text }) => text)).toEqual(['dnn_processing=first', 'sr=second']);
    expect(dnnFilters.map(({ node }) => node.args?.text)).toEqual(['first', 'second']);
  });

  it('reads the chain from a script', () => {
    const argv = ['-i', 'a', '-filter_script:v', 'f.txt', 'o.mkv'];
    expect(filterScripts(parseCommand(argv))).toEqual(['f.txt']);
    expect(plan(argv, new Map([['f.txt', 'sr=x']])).kind).toBe('dnn');
    expect(() => plan(argv)).toThrow(/f\.txt: No such file or directory/);
  });

  it.each([
    ['-i a -filter:v:1 sr=x o.mkv', 'ENOSYS', /streams 'v:1'.*-vf or -filter_complex/],
    ['-i a -vf split[x][y];[x]sr[z];[y][z]hstack o.mkv', 'ENOSYS', /in a branch.*-filter_complex/],
    ['-i a -filter_complex [0:v][1:v]sr o.mkv', 'EINVAL', /exactly one input and one output/],
    ['-i a -filter_complex [b]sr[a];[a]split[b][c] o.mkv', 'EINVAL', /its own output as input/],
    ['-i a -filter_complex sr[ o.mkv', 'EINVAL', /./],
    ['-i a -c copy -vf sr=x o.mkv', 'EINVAL', /streamcopy cannot be used together/],
    ['-i a -vf sr=x[ o.mkv', 'EINVAL', /./],
  ])('refuses %s', (line, code, message) => {
    expect(() => plan(line.split(' '))).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
    );
  });

  it('numbers the DNN filters of every output and complex graph', () => {
    const result = plan(
      '-i a -lavfi [q]sr=3[r];dnn_processing=2,split[q][p] -filter_complex anull -vf sr=0 o.mkv -vf sr=1,null p.mkv'.split(
        ' ',
      ),
    );
    if (result.kind !== 'dnn') throw new Error('not planned');
    const { filters, chains, graphs, upstream } = result.plan;
    expect(filters.map(({ node }) => node.args?.text)).toEqual(['0', '1', '2', '3']);
    expect(chains.map(({ outputIndex, firstLocalIndex }) => [outputIndex, firstLocalIndex])).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(graphs.map(({ parsed }) => [...parsed!.localIndices])).toEqual([
      [
        [1, 2],
        [0, 3],
      ],
      [],
    ]);
    expect([...upstream]).toEqual([2]);
  });

  it('leaves complex graphs alone where only a chain has a DNN filter', () => {
    const result = plan('-i a -filter_complex overlay[ -vf sr o.mkv'.split(' '));
    expect(result).toMatchObject({ kind: 'dnn', plan: { graphs: [] } });
  });

  it('lets a later codec for the video replace copy', () => {
    expect(plan('-i a -c copy -c:v libx264 -vf sr=x o.mkv'.split(' ')).kind).toBe('dnn');
  });
});
