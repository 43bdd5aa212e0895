/** What the module exports: one kernel a file, named as the op. */
export { heapBase } from './heap-base';
