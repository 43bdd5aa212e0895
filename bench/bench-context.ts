import type { Material } from './material.mjs';
export interface BenchContext {
  readonly material: Material;
  readonly folder: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly mode: 'full' | 'quick' | 'smoke';
  readonly browser: string;
  readonly log: (line: string) => void;
}
