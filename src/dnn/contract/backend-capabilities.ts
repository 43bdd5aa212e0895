/** What each backend can do, known before any of its code is loaded. */
import type { DNNBackendType } from './interface.ts';

export interface DNNCapabilities {
  /** Takes several frames in one run, where the graph does; else the frames of a request run one by one. */
  readonly batch: boolean;
  /** Values of the option `device` that it follows, in lower case. */
  readonly devices: readonly string[];
  /** Bytes of a worker before it holds a model: a JavaScript realm with the backend's code and its WebAssembly heap. */
  readonly workerBytes: number;
  /** How much larger its heap grows than the tensors that live in it, where the model does not plan its memory. */
  readonly heapFactor: number;
}

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
