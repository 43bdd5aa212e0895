import { expect, test } from 'vitest';
import { ResourceLedger } from './resource-ledger.ts';

test('a job counts while it runs, and afterwards as long as it holds anything', () => {
  const ledger = new ResourceLedger();
  const held = { frames: 3, tensors: 0 };
  const end = ledger.track({ frames: () => held.frames, strayTensors: () => held.tensors });
  const endOther = ledger.track({ frames: () => 2, strayTensors: () => 1 });
  expect([ledger.runningJobs, ledger.frames, ledger.strayTensors]).toEqual([2, 5, 1]);
  end();
  expect([ledger.runningJobs, ledger.frames]).toEqual([1, 5]);
  held.frames = 0;
  endOther();
  expect([ledger.runningJobs, ledger.frames, ledger.strayTensors]).toEqual([0, 2, 1]);
});
