/** The table of backends that are built in: a new one is a record here, and its worker. */
import type { Backend, BackendDevice } from './backend.ts';

const mebibyte = 2 ** 20;

/** A worker is a thread: more of them than cores only wait for each other. */
const cpu: BackendDevice = { name: 'cpu', mostWorkers: (cores) => Math.max(1, Math.floor(cores)) };

/** By name, the value of the option `dnn_backend`. */
export const backends = {
  native: {
    worker: 'inferenceWorkerURL',
    capabilities: {
      batch: true,
      sharesFrames: true,
      devices: [cpu],
      workerBytes: 8 * mebibyte,
      heapFactor: 1,
    },
    words: { value: 0, help: 'native backend' },
  },
  tensorflow: {
    worker: 'tensorflowWorkerURL',
    // 1.3 to 2.6 times for ESPCN, SRCNN and CAN with batches of 1 to 8: tfjs's heap never shrinks, and has
    // room for the largest tensors more than once.
    capabilities: {
      batch: true,
      sharesFrames: false,
      devices: [cpu],
      workerBytes: 32 * mebibyte,
      heapFactor: 2.6,
    },
    words: {
      value: 1,
      help: 'tensorflow backend',
      runs: 'frozen TensorFlow models (.pb) and tfjs models',
    },
  },
  onnx: {
    worker: 'onnxWorkerURL',
    // ONNX Runtime's heap holds the file while it is read, the weights as its kernels want them, and tensors.
    capabilities: {
      batch: true,
      sharesFrames: false,
      devices: [cpu],
      workerBytes: 48 * mebibyte,
      heapFactor: 2.5,
    },
    words: { value: 8, help: 'onnx backend', runs: 'models of ONNX (.onnx)' },
  },
} as const satisfies Readonly<Record<string, Backend>>;

/** The backends that run models here. */
export type DNNBackendType = keyof typeof backends;

/** All of them. */
export const availableBackends = Object.keys(backends) as readonly DNNBackendType[];

/**
 * The device of a backend that the option `device` names, in any case of letters;
 * undefined where it has no such one.
 */
export function namedDevice(backend: DNNBackendType, option: string): BackendDevice | undefined {
  const devices: readonly BackendDevice[] = backends[backend].capabilities.devices;
  return devices.find(({ name }) => name === option.toLowerCase());
}

/** The device that a backend runs models on. @param option the option `device`, where it is given. */
export function chosenDevice(backend: DNNBackendType, option?: string): BackendDevice {
  const named = option === undefined ? undefined : namedDevice(backend, option);
  return named ?? backends[backend].capabilities.devices[0];
}
