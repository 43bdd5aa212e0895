/** Where the native backend is known to differ from TensorFlow. */
import type { Difference } from './difference.test-support.ts';

export const nativeDifferences: readonly Difference[] = [
  {
    op: 'Conv2D',
    instead:
      'windows of 3x3 and many channels (Winograd): one NaN or infinity reaches up to 5 pixels further',
    kind: 'wrong',
    cases: [
      'Relu: behind Conv2D 3x3 of 16 channels, NaN',
      'Relu: behind Conv2D 3x3 of 16 channels, an infinity',
    ],
  },
  {
    op: 'Silu',
    instead: 'a product with the sigmoid: of -Infinity it is -Infinity, not NaN',
    kind: 'wrong',
    cases: ['Silu: infinities and NaN'],
  },
  {
    op: 'whole numbers',
    instead: 'are held as floats: beyond 2^24 they are rounded',
    kind: 'wrong',
    cases: ['Sub: int32 beyond 2^24'],
  },
];
