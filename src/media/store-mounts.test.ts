import { expect, test } from 'vitest';
import { FileStore } from './file-store.ts';
import { StoreMounts } from './store-mounts.ts';

const invalid = (message: RegExp): Error =>
  expect.objectContaining({ code: 'EINVAL', message: expect.stringMatching(message) as string }) as Error;

function storeAndMounts(): {
  store: FileStore;
  mounts: StoreMounts;
  text: (path: string) => Promise<unknown>;
} {
  const store = new FileStore();
  return { store, mounts: new StoreMounts(store), text: (path) => store.readFile(path, 'utf8') };
}

test('a folder in which nothing is mounted keeps its files', async () => {
  const { store, mounts, text } = storeAndMounts();
  store.createDir('/d');
  store.writeFile('/d/own.txt', 'own');
  expect(() => {
    mounts.unmount('/d');
  }).toThrow(invalid(/Cannot unmount \/d: nothing is mounted there\.$/));
  mounts.mount([{ name: 'a.txt', data: new Blob(['a']) }], '/m');
  expect(() => {
    mounts.unmount('d/');
  }).toThrow(invalid(/nothing is mounted there, but at \/m\.$/));
  expect(await text('/d/own.txt')).toBe('own');
});

test('what is mounted goes, and what was there before and beside it stays', async () => {
  const { store, mounts, text } = storeAndMounts();
  let released = 0;
  store.createDir('/d');
  store.writeFile('/d/own.txt', 'own');
  store.putOutput('/d/same.txt', new Blob(['hidden']), () => (released += 1));
  mounts.mount(
    [
      { name: 'same.txt', data: new Blob(['first']) },
      { name: 'same.txt', data: new Blob(['mounted']) },
      { name: 'sub/deep/x.txt', data: new Blob(['x']) },
      { name: 'sub/y.txt', data: new Blob(['y']) },
      { name: 'moved.txt', data: new Blob(['moved']) },
    ],
    'd',
  );
  expect(await text('/d/same.txt')).toBe('mounted');
  expect(() => {
    mounts.mount([], '/d');
  }).toThrow(invalid(/files are mounted there; unmount them first/));
  store.writeFile('/d/sub/y.txt', 'written over');
  store.rename('/d/moved.txt', '/d/kept.txt');
  mounts.unmount('/d');
  expect(await text('/d/same.txt')).toBe('hidden');
  expect(await text('/d/sub/y.txt')).toBe('written over');
  expect(store.listDir('/d').map(({ name }) => name)).toEqual([
    '.',
    '..',
    'kept.txt',
    'own.txt',
    'same.txt',
    'sub',
  ]);
  expect(store.exists('/d/sub/deep')).toBe(false);
  expect(released).toBe(0);
  mounts.mount([], '/d');
  mounts.unmount('/d');
});

test('a hidden file whose name was taken is let go', async () => {
  const { store, mounts, text } = storeAndMounts();
  let released = 0;
  store.putOutput('/d/a.txt', new Blob(['hidden']), () => (released += 1));
  mounts.mount([{ name: 'a.txt', data: new Blob(['mounted']) }], '/d');
  store.writeFile('/d/a.txt', 'new');
  mounts.unmount('/d');
  expect(await text('/d/a.txt')).toBe('new');
  expect(released).toBe(1);
});

test('a file cannot take the place of a folder, and then none is mounted', () => {
  const { store, mounts } = storeAndMounts();
  store.makeFolders('/d/sub');
  const files = ['a', 'sub'].map((name) => ({ name, data: new Blob() }));
  expect(() => {
    mounts.mount(files, '/d');
  }).toThrow(invalid(/Cannot mount sub as \/d\/sub: it is a folder/));
  expect(store.exists('/d/a')).toBe(false);
  expect(() => {
    mounts.unmount('/d');
  }).toThrow(invalid(/nothing is mounted/));
});
