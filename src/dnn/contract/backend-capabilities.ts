/** What each backend can do, known before any of its code is loaded. */
import type { DNNBackendType, DNNCapabilities } from './interface.ts';

const mebibyte = 2 ** 20;

/** By backend; one that is not built in has none. */
export const backendCapabilities: Readonly<Partial<Record<DNNBackendType, DNNCapabilities>>> = {
  native: { batch: true, devices: ['cpu'], workerBytes: 8 * mebibyte, heapFactor: 1 },
  // 1.3 to 2.6 times for ESPCN, SRCNN and CAN with batches of 1 to 8: tfjs's heap never shrinks, and has room for the
  // largest tensors in several places.
  tensorflow: { batch: true, devices: ['cpu'], workerBytes: 32 * mebibyte, heapFactor: 2.6 },
};

/** The backends that are built in. */
export const availableBackends = Object.keys(backendCapabilities) as readonly DNNBackendType[];
