import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseCommand } from '../../pipeline/command/command.ts';
import { inputPaths } from './input-files.ts';

const dnn = 'dnn_processing=dnn_backend=tensorflow:input=x:output=y:model=';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'input-files-'));
  mkdirSync(join(folder, 'net'));
  const names = [
    'in.mp4',
    'out.mp4',
    'a.pb',
    "it's.pb",
    'img001.png',
    'img002.png',
    'img.png',
    'subs.ass',
    'labels.txt',
  ];
  for (const name of names) writeFileSync(join(folder, name), name);
  for (const name of ['model.json', 'group1-shard1of1.bin']) writeFileSync(join(folder, 'net', name), name);
  for (const name of ['m.xml', 'm.bin', 'other.bin']) writeFileSync(join(folder, name), name);
  mkdirSync(join(folder, 'saved'));
  for (const name of ['saved_model.pb', 'keras_metadata.pb'])
    writeFileSync(join(folder, 'saved', name), name);
  writeFileSync(join(folder, 'list.txt'), "ffconcat version 1.0\nfile 'in.mp4'\n  file img.png\n");
  writeFileSync(
    join(folder, 'net', 'chain.txt'),
    `scale=64:48,\n  ${dnn}a.pb,\ndnn_detect=model=m.xml:labels=labels.txt\n`,
  );
  writeFileSync(join(folder, 'ffmpeg2pass-0.log'), 'stats');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function files(...words: string[]): string[] {
  return inputPaths(parseCommand(words), folder).map((path) => path.slice(folder.length + 1));
}

test.each<[string, string[], string[]]>([
  [
    'inputs and models inside filter strings',
    ['-i', 'in.mp4', '-vf', `${dnn}a.pb,ass=subs.ass`, 'o.mkv'],
    ['in.mp4', 'a.pb', 'subs.ass'],
  ],
  ['a quoted model', ['-i', 'in.mp4', '-vf', `${dnn}it\\'s.pb`, 'o.mkv'], ['in.mp4', "it's.pb"]],
  [
    'the shards beside a tfjs model',
    ['-i', 'in.mp4', '-vf', `${dnn}net/model.json`, 'o.mkv'],
    ['in.mp4', 'net/model.json', 'net/group1-shard1of1.bin'],
  ],
  [
    'the weights of an OpenVINO model',
    ['-i', 'in.mp4', '-vf', `${dnn}m.xml`, 'o.mkv'],
    ['in.mp4', 'm.xml', 'm.bin'],
  ],
  ['the model of weights', ['-i', 'in.mp4', '-vf', `${dnn}m.bin`, 'o.mkv'], ['in.mp4', 'm.xml', 'm.bin']],
  [
    'what tells that a folder is a SavedModel',
    ['-i', 'in.mp4', '-vf', `${dnn}saved`, 'o.mkv'],
    ['in.mp4', 'saved/saved_model.pb'],
  ],
  [
    'what a filter script names, from the folder of the user',
    ['-i', 'in.mp4', '-filter_script:v', 'net/chain.txt', 'o.mkv'],
    ['in.mp4', 'net/chain.txt', 'a.pb', 'm.xml', 'm.bin', 'labels.txt'],
  ],
  [
    'what the script of a complex graph names',
    ['-i', 'in.mp4', '-filter_complex_script', 'net/chain.txt', 'o.mkv'],
    ['in.mp4', 'net/chain.txt', 'a.pb', 'm.xml', 'm.bin', 'labels.txt'],
  ],
  ['a filter script that is not there', ['-i', 'in.mp4', '-filter_script', 'no.txt', 'o.mkv'], ['in.mp4']],
  ['every picture of a sequence', ['-i', 'img%03d.png', 'o.mkv'], ['img001.png', 'img002.png']],
  [
    'what a concat script names',
    ['-f', 'concat', '-i', 'list.txt', 'o.mkv'],
    ['list.txt', 'in.mp4', 'img.png'],
  ],
  ['no file for a generated source', ['-f', 'lavfi', '-i', 'testsrc2=size=64x48', 'o.mkv'], []],
  ['an output that exists is not opened for reading', ['-i', 'in.mp4', 'out.mp4'], ['in.mp4']],
])('%s', (_name, words, expected) => {
  const found = files(...words).filter((path) => !path.startsWith('ffmpeg2pass'));
  expect(found.sort()).toEqual(expected.toSorted());
});

test('logs of a first pass are there for the second', () => {
  expect(files('-i', 'in.mp4', '-pass', '2', 'o.mkv')).toContain('ffmpeg2pass-0.log');
});
