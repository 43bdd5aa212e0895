import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createFrameRing, FrameRing, type FrameRingBuffer, RingState } from './frame-ring.ts';
import { readBlocking, writeBlocking } from './ring-block.ts';
import { RingReader } from './ring-reader.ts';
import { RingWriter } from './ring-writer.ts';
import { pollForChange } from './word-wait.ts';

/** A ring whose counters run over after `before` more bytes. */
function ringNearOverflow(capacity: number, before: number): FrameRingBuffer {
  const buffer = createFrameRing(capacity);
  const words = new Int32Array(buffer.memory);
  words[0] = words[1] = -before;
  return buffer;
}

function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 255);
}

async function readAll(reader: RingReader, chunk: number): Promise<Uint8Array> {
  const parts: number[] = [];
  const into = new Uint8Array(chunk);
  for (let count = await reader.read(into); count > 0; count = await reader.read(into)) {
    parts.push(...into.subarray(0, count));
  }
  return Uint8Array.from(parts);
}

const chunks = fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 5 });

test('bytes arrive whole and in order, whatever the chunks, also where the counters run over', async () => {
  await fc.assert(
    fc.asyncProperty(
      chunks,
      fc.integer({ min: 1, max: 9000 }),
      fc.nat(20000),
      async (writes, into, before) => {
        const buffer = ringNearOverflow(4096, before);
        const writer = new RingWriter(buffer);
        const bytes = pattern(writes.reduce((sum, size) => sum + size, 0));
        const writing = (async () => {
          let offset = 0;
          for (const size of writes) await writer.write(bytes.subarray(offset, (offset += size)));
          writer.end();
        })();
        const received = await readAll(new RingReader(buffer), into);
        await writing;
        expect(Buffer.compare(received, bytes)).toBe(0);
      },
    ),
    { numRuns: 60 },
  );
});

test('a break lets everything be read that was written, then fails with the reason', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 4096 }), fc.nat(5000), async (size, before) => {
      const buffer = ringNearOverflow(4096, before);
      const writer = new RingWriter(buffer);
      await writer.write(pattern(size));
      writer.break('the decoder crashed');
      const reader = new RingReader(buffer);
      const into = new Uint8Array(5000);
      if (size > 0) expect(await reader.read(into)).toBe(size);
      await expect(reader.read(into)).rejects.toMatchObject({
        code: 'EIO',
        message: expect.stringMatching(/crashed/) as string,
      });
    }),
    { numRuns: 30 },
  );
});

test('a close at any time ends the other side', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(20000), fc.integer({ min: 1, max: 5000 }), async (limit, chunk) => {
      const buffer = createFrameRing(4096);
      const writer = new RingWriter(buffer);
      const reader = new RingReader(buffer);
      const failure = (async () => {
        for (;;) await writer.write(pattern(3000));
      })().catch((thrown: unknown) => thrown);
      const into = new Uint8Array(chunk);
      for (let got = 0; got < limit;) got += await reader.read(into);
      reader.closeReader('enough frames');
      expect(await failure).toMatchObject({
        code: 'EPIPE',
        message: expect.stringMatching(/enough frames/) as string,
      });
      expect(await reader.read(into)).toBe(0);
      expect(writer.readerClosed).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('a waiting reader wakes at the end, at a break and at its own close', async () => {
  for (const wake of ['end', 'break', 'closeReader'] as const) {
    const buffer = createFrameRing(1);
    const reader = new RingReader(buffer);
    const pending = reader.read(new Uint8Array(10)).catch((thrown: unknown) => thrown);
    await Promise.resolve();
    if (wake === 'closeReader') reader.closeReader();
    else if (wake === 'end') new RingWriter(buffer).end();
    else new RingWriter(buffer).break('gone');
    if (wake === 'break') expect(await pending).toMatchObject({ code: 'EIO' });
    else expect(await pending).toBe(0);
  }
});

test('a pipe is drained once its reader has everything, or wants nothing more', async () => {
  for (const hasWait of [true, false]) {
    const original = Object.getOwnPropertyDescriptor(Atomics, 'waitAsync')!;
    if (!hasWait) Object.defineProperty(Atomics, 'waitAsync', { value: undefined, configurable: true });
    try {
      for (const end of ['read', 'close'] as const) {
        const buffer = createFrameRing(100);
        const [writer, reader] = [new RingWriter(buffer), new RingReader(buffer)];
        await writer.drained();
        await writer.write(pattern(60));
        let isDrained = false;
        const draining = writer.drained().then(() => {
          isDrained = true;
        });
        await reader.read(new Uint8Array(59));
        await new Promise((resolve) => setTimeout(resolve, 5));
        expect(isDrained).toBe(false);
        const started = performance.now();
        if (end === 'read') await reader.read(new Uint8Array(1));
        else reader.closeReader();
        await draining;
        // Woken, and not by the end of a wait.
        expect(performance.now() - started).toBeLessThan(500);
      }
    } finally {
      Object.defineProperty(Atomics, 'waitAsync', original);
    }
  }
});

test('a reader that closes says which kind of failure it is, apart from the words', () => {
  for (const code of [undefined, 'EIO', 'ENOSPC'] as const) {
    const buffer = createFrameRing(100);
    new RingReader(buffer).closeReader('ENOSPC: words', code);
    const ring = new FrameRing(buffer);
    expect([ring.closeCode, ring.closeReason]).toEqual([code, 'ENOSPC: words']);
    ring.closeReader('later', 'EIO');
    expect(ring.closeCode).toBe(code);
  }
});

test('a write after the end is refused, and the first ending stays', async () => {
  const buffer = createFrameRing(100);
  const writer = new RingWriter(buffer);
  writer.end();
  writer.break('too late');
  expect(new FrameRing(buffer).state).toBe(RingState.ended);
  await expect(writer.write(new Uint8Array(1))).rejects.toMatchObject({ code: 'EPIPE' });
  expect(await new RingReader(buffer).read(new Uint8Array(1))).toBe(0);
});

test('blocking calls say why nothing moved', () => {
  const context = { shouldStop: () => true, onBlocked: () => undefined };
  const ring = (): FrameRing => new FrameRing(createFrameRing(4096));
  expect(readBlocking(ring(), new Uint8Array(1), context)).toBe('stopped');
  const full = ring();
  expect(writeBlocking(full, new Uint8Array(5000), context)).toBe('stopped');
  expect(full.available).toBe(4096);
  expect(readBlocking(full, new Uint8Array(5000), context)).toBe(4096);
  full.break('x');
  expect(readBlocking(full, new Uint8Array(1), context)).toBe('broken');
  expect(writeBlocking(full, new Uint8Array(1), context)).toBe('broken');
  const ended = ring();
  ended.end();
  expect(readBlocking(ended, new Uint8Array(1), context)).toBe('end');
  const closed = ring();
  closed.closeReader();
  expect(readBlocking(closed, new Uint8Array(1), context)).toBe('closed');
  expect(writeBlocking(closed, new Uint8Array(1), context)).toBe('closed');
});

test('a blocked call tells how long it waited and asks again', () => {
  let waits = 0;
  const blocked: number[] = [];
  const wait = vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out');
  const context = { shouldStop: () => waits++ === 2, onBlocked: (ms: number) => blocked.push(ms) };
  expect(readBlocking(new FrameRing(createFrameRing(1)), new Uint8Array(1), context)).toBe('stopped');
  expect(wait).toHaveBeenCalledTimes(2);
  wait.mockRestore();
  expect(blocked).toHaveLength(2);
});

test('without Atomics.waitAsync the pipe polls', async () => {
  const original = Object.getOwnPropertyDescriptor(Atomics, 'waitAsync')!;
  Object.defineProperty(Atomics, 'waitAsync', { value: undefined, configurable: true });
  try {
    const buffer = createFrameRing(4096);
    const writer = new RingWriter(buffer);
    const bytes = pattern(20000);
    const writing = writer.write(bytes).then(() => {
      writer.end();
    });
    expect(await readAll(new RingReader(buffer), 3000)).toEqual(bytes);
    await writing;
  } finally {
    Object.defineProperty(Atomics, 'waitAsync', original);
  }
  const words = new Int32Array(new SharedArrayBuffer(4));
  await pollForChange(words, 0, 0, 1);
});

test('long reasons are cut, capacities are checked and rounded', () => {
  const ring = new FrameRing(createFrameRing(5000));
  expect(ring.capacity).toBe(8192);
  ring.break('x'.repeat(5000));
  expect(ring.reason).toBe('x'.repeat(480));
  for (const capacity of [0, -1, NaN, 2 ** 31]) {
    expect(() => createFrameRing(capacity)).toThrow(expect.objectContaining({ code: 'EINVAL' }) as Error);
  }
});
