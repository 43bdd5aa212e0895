/** What the module exports: one kernel a file. */
export { heapBase } from '../assembly/heap-base';
export { readRgbRow } from './read-rgb-row';
export { blendRows } from './blend-rows';
export { writeRgbRows } from './write-rgb-rows';
