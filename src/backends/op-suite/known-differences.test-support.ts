/**
 * Where a backend is known to differ from TensorFlow, case by case: docs/support.md has a row of each entry,
 * and the op suite fails where a case that stands here does not differ, or differs in another way.
 */
import { nativeDifferences } from './native-differences.test-support.ts';
import { tensorflowDifferences } from './tensorflow-differences.test-support.ts';

/** By backend. */
export const knownDifferences = { native: nativeDifferences, tensorflow: tensorflowDifferences } as const;
