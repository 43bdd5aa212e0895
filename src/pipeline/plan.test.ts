import { describe, expect, it } from 'vitest';
import { parseCommand } from './command.ts';
import { filterScripts, planCommand, type PlanResult } from './plan.ts';
import { partText } from './plan-filterchain.ts';
import { planningArgs } from './planning-args.ts';

const dnnFilterNames = new Set(['dnn_processing', 'sr']);

function plan(argv: readonly string[], scripts?: ReadonlyMap<string, string>): PlanResult {
  return planCommand(parseCommand(argv), { dnnFilterNames, ...(scripts === undefined ? {} : { scripts }) });
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
    const { chain } = result.plan;
    expect(chain.dnnFilters.map(({ name, text, position }) => ({ name, text, position }))).toEqual([
      { name: 'sr', text: "sr=model='a,b'", position: 10 },
      { name: 'dnn_processing', text: 'dnn_processing=x', position: 37 },
    ]);
    expect([0, 1, 2].map((place) => partText(chain, place, 'A', 'B'))).toEqual([
      'A,scale=4:4,B',
      'A,hflip,vflip,B',
      'A,B',
    ]);
  });

  it('numbers the DNN filters as a frame passes them, however the chains are written', () => {
    const result = plan(['-i', 'a', '-vf', '[m]sr=second;dnn_processing=first[m]', 'o.mkv']);
    if (result.kind !== 'dnn') throw new Error('not planned');
    const { dnnFilters } = result.plan.chain;
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
    ['-i a -vf sr=x o.mkv p.mkv', 'ENOSYS', /2 outputs.*-vf of the one output/],
    ['-i a -filter_complex [0:v]sr=x[v] -map [v] o.mkv', 'ENOSYS', /sr inside -filter_complex.*-vf/],
    ['-i a -filter:v:1 sr=x o.mkv', 'ENOSYS', /streams 'v:1'/],
    ['-i a -c copy -vf sr=x o.mkv', 'EINVAL', /streamcopy cannot be used together/],
    ['-i a -vf sr=x[ o.mkv', 'EINVAL', /./],
  ])('refuses %s', (line, code, message) => {
    expect(() => plan(line.split(' '))).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
    );
  });

  it('lets a later codec for the video replace copy', () => {
    expect(plan('-i a -c copy -c:v libx264 -vf sr=x o.mkv'.split(' ')).kind).toBe('dnn');
  });
});

describe('planningArgs', () => {
  const result = plan(
    '-v quiet -re -ss 1 -i a -vf scale=4:4,sr=x,crop=8:8 -ss 2 -c:v ffv1 -t 9 o.mkv'.split(' '),
  );
  if (result.kind !== 'dnn') throw new Error('not planned');
  const formatsOf = () => ['rgb24', 'gray'] as const;
  const head = '-hide_banner -nostdin -nostats -y -loglevel info -ss 1 -i a -filter:v'.split(' ');
  const tail = '-c:v ffv1 -t 9 -frames:v 1'.split(' ');

  it('asks for one frame with a report in place of the DNN filter', () => {
    const chain = 'scale=4:4,format=rgb24|gray,showinfo@dnn0=checksum=0,crop=8:8';
    expect(planningArgs(result.plan, { formatsOf })).toEqual([...head, chain, ...tail, 'o.mkv']);
  });

  it('ends the chain behind a place, or gives it the size that the filter makes', () => {
    expect(planningArgs(result.plan, { formatsOf, until: 0 }).slice(head.length)).toEqual([
      'scale=4:4,format=rgb24|gray,showinfo@dnn0=checksum=0',
      ...tail,
      ...['-c:v', 'rawvideo', '-f', 'null', 'o.mkv'],
    ]);
    const sizes = [{ width: 8, height: 8, pixelFormat: 'rgb24' as const }];
    expect(planningArgs(result.plan, { formatsOf, sizes })[head.length]).toBe(
      "scale=4:4,format=rgb24|gray,showinfo@dnn0=checksum=0,pad='max(iw,8)':'max(ih,8)',crop=8:8:0:0,crop=8:8",
    );
    const odd = [{ width: 9, height: 9, pixelFormat: 'rgb24' as const }];
    expect(planningArgs(result.plan, { formatsOf, sizes: odd })[head.length]).toBe(
      'scale=4:4,format=rgb24,showinfo@dnn0=checksum=0,scale=9:9,format=rgb24,crop=8:8',
    );
  });
});
