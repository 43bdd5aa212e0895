import { expect, it } from 'vitest';
import { splitCommand } from '../command.ts';
import { passPlace, withPassFilters } from '../pass-filters.ts';
import { planCommand } from '../plan.ts';
import { browserEncoder } from './browser-encoder.ts';
import { requireChains } from './require-chains.ts';

const context = {
  isOwnFilter: (node: Parameters<typeof passPlace>[0]) =>
    node.name.text === 'sr' || passPlace(node) !== undefined,
};

/** As a command is planned before it runs. */
function check(line: string): void {
  const command = splitCommand(line.split(' '));
  const passed = withPassFilters(command, context, (output) =>
    browserEncoder(output) === undefined ? undefined : 'tail',
  );
  requireChains(planCommand(passed, context), command, context);
}

const encoder = '-c:v h264_webcodecs';

it.each([
  `-i a ${encoder} o.mp4`,
  `-i a -vf hflip ${encoder} o.mp4`,
  `-i a -vf sr=x ${encoder} o.mp4`,
  `-i a -filter_complex [0:a]volume=2[s] -map 0:v -map [s] ${encoder} o.mp4`,
  `-i a -i b -filter_complex [0:a][1:a]amix[s] -map 0:v -map [s] -vf sr=x ${encoder} o.mp4`,
])('lets %s pass', (line) => {
  expect(() => {
    check(line);
  }).not.toThrow();
});

it.each([
  [`-i a -filter_complex [0:v]hflip[v] -map [v] ${encoder} o.mp4`, 'complex filtergraph (-map [v]): put'],
  [`-i a -filter_complex [0:v]sr=x[v] -map [v] ${encoder} o.mp4`, 'complex filtergraph (-map [v]): put'],
  [`-i a -filter_complex hflip ${encoder} o.mp4`, 'complex filtergraph (-filter_complex): put'],
  [`-i a -lavfi hflip ${encoder} o.mp4`, 'complex filtergraph (-lavfi): put'],
  [`-i a ${encoder} -c:v:1 copy o.mp4`, '-c:v:1 copy copies another video into o.mp4'],
  [`-i a -vf split[a][b] ${encoder} o.mp4`, 'the filters of o.mp4 do not end in one video'],
])('refuses %s', (line, reason) => {
  expect(() => {
    check(line);
  }).toThrow(reason);
  expect(() => {
    check(line);
  }).toThrow(/^-c:v h264_webcodecs \(word \d+ of the command line\): /);
});
