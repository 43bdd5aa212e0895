/** Where the module's own data ends: everything from this byte address on belongs to the caller. */
export function heapBase(): usize {
  return __heap_base;
}
