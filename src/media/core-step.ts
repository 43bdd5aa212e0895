/** The steps of a core, by which its owner sees that it works on, and what it did last. */
import type { CoreControl } from './core-control.ts';
import { coreEventLog } from './core-event.ts';
import type { Core } from './core-fs.ts';

/** What a core has done; of an input also that it asks for bytes, which may take the browser long. */
export const CoreStep = {
  start: 0,
  askInput: 1,
  readInput: 2,
  readPipe: 3,
  writePipe: 4,
  writeOutput: 5,
  readOutput: 6,
  turn: 7,
} as const;
export type CoreStep = (typeof CoreStep)[keyof typeof CoreStep];

/** By step: what a message says of it. */
export const coreStepTexts: readonly string[] = [
  'it was started',
  'it asked the browser for bytes of an input',
  'it read an input',
  'it took bytes of frames from the stage before it',
  'it gave bytes of frames to the stage behind it',
  'it wrote to an output',
  'it read back an output',
  'it went on to the next packet',
];

/** Events are few: each is a message. */
const eventEveryMs = 500;

/** How a core tells its steps: in shared memory, else by an event now and then. */
export function stepTeller(core: Core, control: CoreControl | undefined): (step: CoreStep) => void {
  if (control !== undefined) {
    return (step) => {
      control.step(step);
    };
  }
  let told = -eventEveryMs;
  return (step) => {
    const now = performance.now();
    if (now - told < eventEveryMs) return;
    told = now;
    core.logger(coreEventLog({ kind: 'step', step }));
  };
}
