/**
 * What every backend is to the rest of the program, known before any of its
 * code is loaded: a constant record.
 */

/** A device that a backend runs models on. */
export interface BackendDevice {
  /** The value of the option `device`, in lower case. */
  readonly name: string;
  /**
   * The most workers that the device is worth, each of which runs one request at a time; at least 1.
   *
   * @param cores logical processors.
   */
  mostWorkers(cores: number): number;
}

/** What a backend can do. */
export interface DNNCapabilities {
  /** Takes several frames in one run, where the graph does; else the frames of a request run one by one. */
  readonly batch: boolean;
  /** Computes rows of a result alone, so that several workers can share a frame (`conv2d_threads`). */
  readonly sharesFrames: boolean;
  /**
   * The devices that it follows the option `device` to; the first is taken where
   * the option names none of them.
   */
  readonly devices: readonly [BackendDevice, ...BackendDevice[]];
  /**
   * Bytes of a worker before it holds a model: a JavaScript realm with the backend's
   * code and its WebAssembly heap.
   */
  readonly workerBytes: number;
  /**
   * How much larger its heap grows than the tensors that live in it, where the
   * model does not plan its memory.
   */
  readonly heapFactor: number;
}

/** A backend's place in the option `dnn_backend`. */
export interface BackendWords {
  /** FFmpeg's number (DNNBackendType). */
  readonly value: number;
  readonly help: string;
  /** The models that it is named for where it is the only one. */
  readonly runs?: string;
}

/** One backend. */
export interface Backend {
  /** The property of the asset URLs with the worker that runs it. */
  readonly worker: string;
  readonly capabilities: DNNCapabilities;
  readonly words: BackendWords;
}
