import { expect, test } from 'vitest';
import type { DnnError } from '../../base/errors.ts';
import { CoreControl } from '../../media/core-control.ts';
import { CoreStep } from '../../media/core-step.ts';
import { manualClock } from '../../workers/request-watchdog.test-support.ts';
import { StageWatchdog } from './stage-watchdog.ts';

const minute = 60_000;

function watched(seconds?: number) {
  const clock = manualClock();
  const control = new CoreControl();
  const core = new CoreControl(control.memory);
  const watchdog = new StageWatchdog({ name: 'The encode stage', seconds, control, clock });
  const errors: DnnError[] = [];
  const stop = watchdog.start((error) => errors.push(error));
  return { clock, core, watchdog, errors, stop };
}

test('a stage that hangs is named once, with its last step, its last line and what to do', () => {
  const { clock, core, watchdog, errors } = watched();
  watchdog.line('  Stream #0:0: Video: mpeg4 (FMP4 / 0x34504D46), yuv420p, 640x480, 25 fps');
  clock.pass(500);
  core.step(CoreStep.readPipe);
  watchdog.line(`frame=   46 time=00:00:01.84 ${'x'.repeat(300)}`);
  clock.pass(minute);
  expect(errors).toEqual([]);
  clock.pass(minute);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({
    code: 'EIO',
    details: {
      stage: 'The encode stage',
      seconds: 60,
      step: expect.stringContaining('stage before') as string,
    },
  });
  expect(errors[0]!.message).toMatch(
    /^The encode stage hung and was ended: it has worked for 60 s since it took bytes of frames.*-dnn_watchdog SECONDS, 0 .*It said last: frame= {3}46 time=00:00:01\.84/,
  );
  // Pipes break with it as their reason, which is cut at 480 bytes.
  expect(errors[0]!.message.length).toBeLessThanOrEqual(480);
  expect(clock.running).toBe(0);
});

test('every kind of step counts, and a wait is no work', () => {
  const { clock, core, watchdog, errors } = watched();
  watchdog.line('Stream #0:0: Video: ffv1, gray, 64x48');
  const steps = [
    () => {
      core.step(CoreStep.turn);
    },
    () => {
      watchdog.step();
    },
    () => {
      watchdog.line('a word');
    },
    () => {
      watchdog.step(CoreStep.readInput);
    },
  ];
  for (const step of steps) {
    step();
    clock.pass(minute);
  }
  for (let wait = 0; wait < 100; wait++) {
    core.blocked(500);
    clock.pass(500);
  }
  core.step(CoreStep.writePipe);
  clock.pass(minute);
  expect(errors).toEqual([]);
});

test('larger frames have longer, and unknown ones are large', () => {
  const times = ['3840x2160', '640x480', undefined].map((size) => {
    const { clock, core, watchdog, errors } = watched();
    if (size !== undefined) watchdog.line(`Stream #0:0: Video: h264 (High), yuv420p, ${size} [SAR 1:1]`);
    core.step(CoreStep.turn);
    clock.pass(500);
    let half = 0;
    for (; errors.length === 0; half++) clock.pass(500);
    return half / 2;
  });
  expect(times).toEqual([498, 60, 498]);
});

test('-dnn_watchdog is the limit in seconds, and none for 0', () => {
  const short = watched(2);
  short.clock.pass(1500);
  expect(short.errors).toEqual([]);
  short.clock.pass(500);
  expect(short.errors).toHaveLength(1);
  const none = watched(0);
  none.clock.pass(1000 * minute);
  expect([none.errors, none.clock.running]).toEqual([[], 0]);
  const ended = watched(2);
  ended.stop();
  ended.clock.pass(minute);
  expect(ended.errors).toEqual([]);
});
