import { expect, test } from 'vitest';
import { memoryFolder } from './memory-folder.test-support.ts';
import { OutputOp, type OutputRecord } from './output-channel.ts';
import { journalBytes, journalEntries, OutputJournal } from './output-journal.ts';

const record = (op: OutputOp, offset = 0, length = 0): OutputRecord => ({ op, file: 1, offset, length });

test('writes wait for others, and what renames or makes a file takes them along at once', async () => {
  const spool = { folder: memoryFolder().handle, run: 'run' };
  const journal = await OutputJournal.create(spool, 60_000);
  const offsets = async (): Promise<number[]> =>
    [...journalEntries(await journalBytes(spool))].map((entry) => entry.record.offset);
  journal.note(record(OutputOp.create, 7), new Uint8Array());
  expect(await offsets()).toEqual([7]);
  const written = Array.from({ length: 100 }, (_, index) => index + 1);
  for (const offset of written) journal.note(record(OutputOp.write, offset, 5), new Uint8Array(5));
  expect(await offsets()).toEqual([7]);
  journal.note(record(OutputOp.truncate, 8), new Uint8Array());
  expect(await offsets()).toEqual([7, ...written, 8]);
  await journal.remove();
});

test('many writes are in the journal before 64 KiB of them wait', async () => {
  const spool = { folder: memoryFolder().handle, run: 'run' };
  const journal = await OutputJournal.create(spool, 60_000);
  for (let offset = 1; offset <= 10_000; offset++)
    journal.note(record(OutputOp.write, offset, 5), new Uint8Array(5));
  const entries = [...journalEntries(await journalBytes(spool))];
  expect(entries.length).toBeGreaterThan(10_000 - 65_536 / 24);
  expect(entries.map((entry) => entry.record.offset)).toEqual(entries.map((_, index) => index + 1));
  await journal.remove();
});

test('a single write is in the journal after a moment', async () => {
  const spool = { folder: memoryFolder().handle, run: 'run' };
  const journal = await OutputJournal.create(spool, 10);
  journal.note(record(OutputOp.write, 3, 5), new Uint8Array(5));
  await expect.poll(async () => [...journalEntries(await journalBytes(spool))].length).toBe(1);
  await journal.remove();
});
