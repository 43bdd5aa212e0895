import { describe, expect, it } from 'vitest';
import { CoreControl } from './core-control.ts';

describe('CoreControl', () => {
  it('tells each block once, in order', () => {
    const owner = new CoreControl();
    const core = new CoreControl(owner.memory);
    core.blocked(5);
    core.blocked(7);
    const blocks = owner.takeBlocks();
    expect(blocks.map(({ start, end }) => Math.round(end - start))).toEqual([5, 7]);
    expect(blocks[1]!.end).toBeGreaterThanOrEqual(blocks[0]!.end);
    expect(owner.takeBlocks()).toEqual([]);
    core.blocked(1);
    expect(owner.takeBlocks().length).toBe(1);
    expect(owner.blockedMilliseconds).toBe(13);
  });

  it('keeps the newest where nobody asks for a long time, and the sum of all', () => {
    const owner = new CoreControl();
    const core = new CoreControl(owner.memory);
    for (let block = 0; block < 3000; block++) core.blocked(block);
    const blocks = owner.takeBlocks();
    expect(Math.round(blocks.at(-1)!.end - blocks.at(-1)!.start)).toBe(2999);
    expect(blocks.length).toBeLessThan(3000);
    expect(owner.blockedMilliseconds).toBe((2999 * 3000) / 2);
  });
});
