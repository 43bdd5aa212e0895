import { describe, expect, it } from 'vitest';
import type { FilterNode } from '../../filtergraph/filtergraph.ts';
import { parseCommand } from '../command/command.ts';
import { planCommand, type PlanResult } from '../command/plan.ts';
import { planningArgs, planningArgsUntil } from './planning-args.ts';

const isOwnFilter = ({ name }: FilterNode): boolean => ['dnn_processing', 'sr'].includes(name.text);

function plan(argv: readonly string[]): PlanResult {
  return planCommand(parseCommand(argv), { isOwnFilter });
}

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
    expect(planningArgsUntil(result.plan, 0, { formatsOf }, []).slice(head.length)).toEqual([
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

  it('replaces the DNN filters of complex graphs; each output ends by itself', () => {
    const complex = plan([
      ...['-i', 'a', '-filter_complex', "[0:v]split[a][b];[a]scale='4:4',sr=x[c];[b][c]hstack"],
      ...['-y', 'o.mkv', '-map', '0:a', 'o.mp3'],
    ]);
    if (complex.kind !== 'dnn') throw new Error('not planned');
    const words = planningArgs(complex.plan, { formatsOf }).join(' ');
    expect(words).toContain(
      "-filter_complex [0:v]split[a][b];[a]scale='4:4',format=rgb24|gray,showinfo@dnn0=checksum=0[c];[b][c]hstack -i a",
    );
    expect(words).toMatch(/-i a -frames:v 1 -t 1 o\.mkv -map 0:a -frames:v 1 -t 1 o\.mp3$/);
    expect(planningArgsUntil(complex.plan, 0, { formatsOf }, []).slice(6)).toEqual([
      '-filter_complex',
      "[0:v]split[a][b];[a]scale='4:4',format=rgb24|gray,showinfo@dnn0=checksum=0[until];[b]nullsink",
      ...'-i a -map [until] -frames:v 1 -c:v rawvideo -f null -'.split(' '),
    ]);
  });
});
