/** Time for the watchdog that passes when the test says so. */

/** Time that the test moves; a late tick is one tick. */
export function manualClock() {
  const ticks = new Set<() => void>();
  let now = 0;
  return {
    now: () => now,
    every: (_ms: number, tick: () => void) => {
      ticks.add(tick);
      return () => ticks.delete(tick);
    },
    pass(ms: number, times = ms / 500) {
      now += ms;
      for (let i = 0; i < times; i++) for (const tick of ticks) tick();
    },
    get running() {
      return ticks.size;
    },
  };
}
