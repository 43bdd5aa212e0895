import { expect, it } from 'vitest';
import { refuseFailedAllocations, type EmscriptenMemory } from './emscripten-memory.ts';

it('turns a failed allocation, and one beyond 32 bits, into ENOMEM', () => {
  const freed: number[] = [];
  const wasm: EmscriptenMemory = {
    HEAPU8: new Uint8Array(64),
    _malloc: (bytes) => (bytes % 2 ** 32 <= 64 ? 8 : 0),
    _free: (address) => void freed.push(address),
  };
  refuseFailedAllocations(wasm);
  expect(freed).toEqual([8]);
  expect(wasm._malloc(64)).toBe(8);
  expect(wasm._malloc(0)).toBe(8);
  for (const bytes of [65, 2 ** 32, 2 ** 32 + 4]) {
    expect(() => wasm._malloc(bytes)).toThrow(expect.objectContaining({ code: 'ENOMEM' }) as Error);
  }
});
