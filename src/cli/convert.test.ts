import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { graph, node, placeholder } from '../graph/graph-builder.test-support.ts';
import { writeGraphDef } from '../model/graphdef/graphdef-writer.test-support.ts';
import { loadModel } from '../model/load-model.ts';
import { convert } from './convert.ts';
import { helpText } from './help.ts';

let folder: string;
let said: { out: string; err: string };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convert-'));
  writeFileSync(
    join(folder, 'm.pb'),
    writeGraphDef(graph(placeholder('x', [1, -1, -1, 3]), node('y', 'Abs', ['x']))),
  );
  said = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((said.out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((said.err += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** A tfjs model in the folder `net` that multiplies by one number, which stands in a file of this name. */
function writeTfjsModel(shard: string): void {
  const attr = { dtype: { type: 'DT_FLOAT' } };
  const shape = { shape: { dim: [{ size: '1' }, { size: '-1' }, { size: '-1' }, { size: '1' }] } };
  const node = [
    { name: 'x', op: 'Placeholder', attr: { ...attr, shape } },
    { name: 'w', op: 'Const', attr },
    {
      name: 'y',
      op: 'Conv2D',
      input: ['x', 'w'],
      attr: { padding: { s: btoa('SAME') }, strides: { list: { i: ['1', '1', '1', '1'] } } },
    },
  ];
  const weights = [{ name: 'w', shape: [1, 1, 1, 1], dtype: 'float32' }];
  const model = {
    format: 'graph-model',
    modelTopology: { node },
    weightsManifest: [{ paths: [shard], weights }],
  };
  mkdirSync(join(folder, 'net', 'parts'), { recursive: true });
  writeFileSync(join(folder, 'net', 'model.json'), JSON.stringify(model));
  for (const name of ['net/a.bin', 'net/parts/a.bin', 'secret.bin']) {
    writeFileSync(join(folder, name), new Uint8Array(4));
  }
}

function there(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

test('writes a file that reads as the same graph', async () => {
  expect(await convert(['m.pb', 'm.model'], folder)).toBe(0);
  expect(said.err).toMatch(/^m\.model: \d+ bytes\n$/);
  const { nodes, signature } = await loadModel(join(folder, 'm.model'), (path) =>
    Promise.resolve(new Uint8Array(readFileSync(path))),
  );
  expect(nodes.map(({ name, op }) => `${name} ${op}`)).toEqual(['x Placeholder', 'y Abs']);
  expect(signature).toEqual({ inputs: { x: 'x' }, outputs: { y: 'y' } });
});

test('a file that exists is kept, with the words of ffmpeg, unless -y stands there', async () => {
  writeFileSync(join(folder, 'old.model'), 'old');
  expect(await convert(['-n', 'm.pb', 'old.model'], folder)).toBe(1);
  expect(said.err).toBe("File 'old.model' already exists. Exiting.\n");
  expect(there('old.model')).toBe('old');
  const { isTTY } = process.stdin;
  process.stdin.isTTY = false;
  expect(await convert(['m.pb', 'old.model'], folder)).toBe(1);
  process.stdin.isTTY = isTTY;
  expect(said.err).toContain("File 'old.model' already exists. Overwrite? [y/N] not overwriting - exiting");
  expect(there('old.model')).toBe('old');
  expect(await convert(['-y', 'm.pb', 'old.model'], folder)).toBe(0);
  expect(there('old.model')).toContain('FFMPEGDNNNATIVE');
});

test('a model is never overwritten by itself', async () => {
  const before = there('m.pb');
  expect(await convert(['-y', './m.pb', 'm.pb'], folder)).toBe(1);
  expect(said.err).toContain('same as Input');
  expect(there('m.pb')).toBe(before);
});

test('a model that cannot be written leaves no file', async () => {
  const model = graph(placeholder('x', [1, -1, -1, 1]), node('y', 'Sqrt', ['x']));
  writeFileSync(join(folder, 'sqrt.pb'), writeGraphDef(model));
  await expect(convert(['sqrt.pb', 'sqrt.model'], folder)).rejects.toThrow(/'y' \(Sqrt\) has no layer/);
  expect(existsSync(join(folder, 'sqrt.model'))).toBe(false);
});

test.each([[['-h']], [['--help']]])('%j prints the usage', async (args) => {
  expect(await convert(args, folder)).toBe(0);
  expect(said.out).toMatch(/^usage: ffmpeg-dnn convert \[-y \| -n\] IN OUT\.model\n[^]*\.pb[^]*model\.json/);
  expect(said.err).toBe('');
});

test.each([[[]], [['m.pb']], [['m.pb', 'a.model', 'b.model']], [['-q', 'm.pb', 'a.model']]])(
  '%j is a mistake: the usage comes on stderr',
  async (args) => {
    expect(await convert(args, folder)).toBe(1);
    expect(said.err).toContain('usage: ffmpeg-dnn convert');
    expect(said.out).toBe('');
  },
);

test('the help of the command line names it', () => {
  expect(helpText).toContain('ffmpeg-dnn convert [-y | -n] IN OUT.model');
});

test.each(['a.bin', 'parts/a.bin', 'parts/../a.bin', 'inside.bin'])(
  'reads the weights in %s',
  async (shard) => {
    writeTfjsModel(shard);
    symlinkSync('parts/a.bin', join(folder, 'net', 'inside.bin'));
    expect(await convert(['net/model.json', 'm.model'], folder)).toBe(0);
  },
);

test.each<[string, RegExp]>([
  ['../secret.bin', /secret\.bin' .*it is outside of .*net, and of what a model names only files/],
  ['/proc/self/environ', /outside of/],
  ['leaf.bin', /outside of/],
  ['branch/secret.bin', /outside of/],
  ['%2e%2e/secret.bin', /No such file or directory/],
  ['file:///etc/hostname', /No such file or directory/],
  ['fifo', /no regular file/],
  ['device', /no regular file/],
  ['parts', /no regular file/],
])('of a model that names %s as its weights nothing is read', async (shard, message) => {
  writeTfjsModel(shard);
  const net = join(folder, 'net');
  symlinkSync('../secret.bin', join(net, 'leaf.bin'));
  symlinkSync('..', join(net, 'branch'));
  symlinkSync('/dev/zero', join(net, 'device'));
  execFileSync('mkfifo', [join(net, 'fifo')]);
  await expect(convert(['net/model.json', 'm.model'], folder)).rejects.toThrow(message);
  expect(existsSync(join(folder, 'm.model'))).toBe(false);
});

test('a model by a link is the model that the user means; a folder is none', async () => {
  mkdirSync(join(folder, 'links'));
  symlinkSync('../m.pb', join(folder, 'links', 'm.pb'));
  expect(await convert(['links/m.pb', 'm.model'], folder)).toBe(0);
  await expect(convert(['links', 'm2.model'], folder)).rejects.toThrow('no regular file');
});
