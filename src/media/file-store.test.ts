import { expect, test } from 'vitest';
import { FileStore } from './file-store.ts';

const withCode = (code: string): Error => expect.objectContaining({ code }) as Error;

test('a Blob is kept as it is; bytes and text come back', async () => {
  const store = new FileStore();
  const blob = new Blob(['clip']);
  store.writeFile('in.mp4', blob);
  expect(store.blob('/in.mp4')).toBe(blob);
  store.writeFile('t.txt', 'grün');
  expect(await store.readFile('t.txt', 'utf8')).toBe('grün');
  expect(await store.readFile('t.txt')).toEqual(new TextEncoder().encode('grün'));
  expect([...store.files()].map((file) => file.path)).toEqual(['/in.mp4', '/t.txt']);
});

test('what is missing is named, with what is there', async () => {
  const store = new FileStore();
  store.writeFile('in.mp4', 'x');
  await expect(store.readFile('im.mp4')).rejects.toThrow(/im\.mp4: no such file; \/ has in\.mp4/);
  expect(() => store.blob('tmp')).toThrow(withCode('EINVAL'));
  expect(() => {
    store.writeFile('no/such.mp4', 'x');
  }).toThrow(withCode('ENOENT'));
  expect(() => {
    store.writeFile('/tmp', 'x');
  }).toThrow(withCode('EINVAL'));
  await expect(store.readFile('in.mp4', 'latin1')).rejects.toThrow(withCode('EINVAL'));
});

test('folders: make, list, rename with contents, delete', () => {
  const store = new FileStore();
  store.createDir('d');
  store.createDir('/d/e');
  store.writeFile('d/e/f.txt', 'x');
  expect(store.folders()).toEqual(['/d', '/d/e']);
  expect(() => {
    store.createDir('d');
  }).toThrow(withCode('EINVAL'));
  expect(() => {
    store.deleteDir('d');
  }).toThrow(/not empty/);
  expect(() => {
    store.rename('d', 'd/e/g');
  }).toThrow(withCode('EINVAL'));
  store.rename('d', 'moved');
  expect(store.listDir('moved/e').slice(2)).toEqual([{ name: 'f.txt', isDir: false }]);
  expect(store.exists('/d/e')).toBe(false);
  store.deleteFile('moved/e/f.txt');
  store.deleteDir('moved/e');
  store.deleteDir('moved');
  expect(store.listDir('/').map((entry) => entry.name)).toEqual(['.', '..', 'dev', 'home', 'proc', 'tmp']);
});

test('an output is let go once: when replaced, deleted or renamed over', () => {
  const store = new FileStore();
  const released: string[] = [];
  const put = (path: string, tag: string): void => {
    store.putOutput(path, new Blob([tag]), () => released.push(tag));
  };
  put('/out/a.mp4', 'a1');
  expect(store.folders()).toEqual(['/out']);
  put('/out/a.mp4', 'a2');
  put('/b.mp4', 'b');
  expect(released).toEqual(['a1']);
  store.rename('/b.mp4', '/out/a.mp4');
  expect(released).toEqual(['a1', 'a2']);
  store.rename('/out/a.mp4', '/out/a.mp4');
  store.deleteFile('/out/a.mp4');
  expect(released).toEqual(['a1', 'a2', 'b']);
});

test('an output whose Blob was handed out stays when another one takes its name, until it is deleted', () => {
  const store = new FileStore();
  const released: string[] = [];
  const put = (tag: string): void => {
    store.putOutput('/a.mp4', new Blob([tag]), () => released.push(tag));
  };
  put('a1');
  store.handOut('/a.mp4');
  put('a2');
  expect(released).toEqual([]);
  store.handOut('a.mp4');
  store.rename('/a.mp4', '/b.mp4');
  store.writeFile('/b.mp4', 'other');
  expect(released).toEqual([]);
  put('a3');
  store.handOut('/a.mp4');
  put('a4');
  store.deleteFile('/a.mp4');
  expect(released).toEqual(['a4', 'a1', 'a3']);
  store.deleteFile('/b.mp4');
  expect(released).toEqual(['a4', 'a1', 'a3', 'a2']);
});
