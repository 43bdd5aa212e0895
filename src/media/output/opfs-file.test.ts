import { expect, test } from 'vitest';
import { OpfsFile } from './opfs-file.ts';

/** A folder whose one file says of each write and read that it took so many bytes. */
function folderThatTakes(count: number): FileSystemDirectoryHandle {
  const handle = { write: () => count, read: () => count };
  const file = { createSyncAccessHandle: () => Promise.resolve(handle) };
  return { getFileHandle: () => Promise.resolve(file) } as unknown as FileSystemDirectoryHandle;
}

/** The number of an error, as Chromium gives it in a private window over its quota. */
const errorNumber = 2 ** 32 - 8;

test.each([0, 3, errorNumber])(
  'a write of which %i of 4 bytes are taken is one without room',
  async (count) => {
    const file = new OpfsFile(folderThatTakes(count), 'a');
    await expect(file.write(0, new Uint8Array(4))).rejects.toMatchObject({ name: 'QuotaExceededError' });
    await expect(async () => file.write(0, new Uint8Array(4))).rejects.toMatchObject({
      name: 'QuotaExceededError',
    });
  },
);

test('a write that is taken whole', async () => {
  await new OpfsFile(folderThatTakes(4), 'a').write(0, new Uint8Array(4));
});

test('a read gives as many bytes as there were, or an error', async () => {
  expect(await new OpfsFile(folderThatTakes(3), 'a').read(0, new Uint8Array(4))).toBe(3);
  const unreadable = new OpfsFile(folderThatTakes(errorNumber), 'a');
  await expect(unreadable.read(0, new Uint8Array(4))).rejects.toMatchObject({ code: 'EIO' });
});
