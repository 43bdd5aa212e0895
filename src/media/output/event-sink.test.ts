import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CoreOutputEvent } from '../core-event.ts';
import { EventSink } from './event-sink.ts';
import { OutputFiles } from './output-files.ts';

/** What a core does to one of three files. */
const step = fc.oneof(
  fc.record({ file: fc.nat(2), write: fc.nat(2000), bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }) }),
  fc.record({ file: fc.nat(2), truncate: fc.nat(2000) }),
  fc.record({ file: fc.nat(2), rename: fc.constantFrom('/x', '/y', '/z') }),
  fc.record({ file: fc.nat(2), close: fc.constant(true) }),
);

test('wherever a run is ended, its events make the files that it would have read back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const events: CoreOutputEvent[] = [];
      const sink = new EventSink((event) => {
        // As the message to the core's owner does it: what the core overwrites later is no matter.
        events.push(structuredClone(event));
      });
      const heap = new Uint8Array(1000);
      for (const file of [0, 1, 2]) sink.create(file, `/${file}`);
      const paths = ['/0', '/1', '/2'];
      for (const one of steps) {
        if ('write' in one) {
          heap.fill(0).set(one.bytes, 500);
          sink.write(one.file, one.write, heap.subarray(500, 500 + one.bytes.length));
        } else if ('truncate' in one) sink.truncate(one.file, one.truncate);
        else if ('close' in one) sink.close(one.file);
        else if (!paths.includes(one.rename)) {
          paths[one.file] = one.rename;
          sink.rename(one.file, one.rename);
        }
      }
      expect(events.every(({ payload }) => payload.buffer.byteLength === payload.length)).toBe(true);
      const made = new OutputFiles({ targets: new Map() });
      for (const { record, payload } of events) await made.apply(record, payload);
      const { files, error } = await made.finish();
      expect(error).toBeUndefined();
      expect(files.map(({ path }) => path)).toEqual(paths);
      for (const [file, { blob, size }] of files.entries()) {
        const back = new Uint8Array(5000);
        const count = sink.read(file, 0, back);
        expect(size).toBe(count);
        expect(new Uint8Array(await blob!.arrayBuffer())).toEqual(back.slice(0, count));
      }
    }),
    { numRuns: 60 },
  );
});

test('a file that is gone reads as empty, and what is written to it is dropped', () => {
  const sink = new EventSink(() => undefined);
  sink.create(1, '/a');
  sink.unlink(1);
  sink.write(1, 0, Uint8Array.of(1, 2));
  expect(sink.read(1, 0, new Uint8Array(2))).toBe(0);
});
