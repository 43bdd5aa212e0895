import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { probeEncoder } from './encoder-probe.ts';
import { fakeCodecs, openFrames, type Faults } from './fake-codecs.test-support.ts';

let probe: typeof probeEncoder;

// What is known of an encoder is kept for the life of a worker.
beforeEach(async () => {
  vi.resetModules();
  ({ probeEncoder: probe } = await import('./encoder-probe.ts'));
});

afterEach(() => {
  expect(openFrames).toBe(0);
  vi.unstubAllGlobals();
});

test('an encoder that gives back what it was given has all its formats and rates', async () => {
  fakeCodecs();
  expect(await probe('vp9')).toEqual({
    name: 'vp9_webcodecs',
    codec: 'vp9',
    pixelFormats: ['yuv420p', 'nv12', 'yuv444p', 'yuv422p', 'yuv420p10le', 'yuv444p10le', 'yuv422p10le'],
    rateControl: ['bitrate', 'quantizer'],
  });
  expect(await probe('h264')).toMatchObject({ pixelFormats: ['yuv420p', 'nv12'], rateControl: ['bitrate'] });
});

test('formats that are refused or come back as others are left out', async () => {
  fakeCodecs({ refuses: (codec) => !/^vp09\.0[01]/.test(codec), decodesTo: 'I420' });
  expect(await probe('vp9')).toMatchObject({ pixelFormats: ['yuv420p', 'nv12'] });
});

test('a decoder that gives RGB shows that 4:2:0 of 8 bits works', async () => {
  fakeCodecs({ decodesTo: 'BGRX' });
  expect(await probe('av1')).toMatchObject({
    pixelFormats: ['yuv420p', 'nv12'],
    rateControl: ['bitrate', 'quantizer'],
  });
});

test('rates without effect are not among the modes', async () => {
  fakeCodecs({ ignoresRates: true });
  expect(await probe('vp9')).toMatchObject({ rateControl: [] });
});

test.each<[string, Faults]>([
  ['Unsupported codec', { refuses: () => true }],
  ['it gives 7 packets for 8 frames', { loses: 3 }],
  ['frame 0 comes back brighter', { brightens: 9 }],
  ['frame 0 comes back at 1 ms', { delays: 1000 }],
  ['yuv420p comes back as yuv444p', { decodesTo: 'I444' }],
  ['it gives frames as I420A, not as planes', { decodesTo: 'I420A' }],
])('one is not used since %s', async (reason, faults) => {
  fakeCodecs(faults);
  const found = await probe('vp8');
  expect(found).toMatchObject({ pixelFormats: [], rateControl: [] });
  expect(found.reason).toContain(reason);
});

test('a browser without the interface says so', async () => {
  expect(await probe('h264')).toMatchObject({
    pixelFormats: [],
    reason: 'it has no VideoEncoder in workers',
  });
});
