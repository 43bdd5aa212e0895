import { describe, expect, it } from 'vitest';
import type { Frame } from '../../frame/frame.ts';
import { FrameGate } from './frame-gate.ts';
import type { FrameStream } from './frame-stream.ts';

function streamOf(count: number): FrameStream {
  async function* frames(): AsyncGenerator<Frame, void, undefined> {
    for (let pts = 0; pts < count; pts++) yield await Promise.resolve({ pts } as Frame);
  }
  return { info: {}, frames: frames(), stop: () => undefined } as unknown as FrameStream;
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('FrameGate', () => {
  it('holds frames back while it is closed, and loses none', async () => {
    const gate = new FrameGate();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { pts } of gate.guard(streamOf(4)).frames) {
        seen.push(pts);
        if (pts === 1) gate.close();
      }
    })();
    await settle();
    expect([seen, gate.isClosed]).toEqual([[0, 1], true]);
    gate.open();
    gate.close();
    await settle();
    expect(seen).toEqual([0, 1]);
    gate.open();
    await reading;
    expect(seen).toEqual([0, 1, 2, 3]);
  });
});
