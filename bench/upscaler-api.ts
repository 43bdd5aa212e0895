/** What the worker with UpscalerJS offers; imported by both sides, imports no code. */

export interface UpscalerJob {
  readonly backend: 'webgl' | 'wasm';
  /** URL of the network's `model.json`. */
  readonly modelUrl: string;
  /** URLs of tfjs-backend-wasm's binaries. */
  readonly wasmUrls: Readonly<Record<string, string>>;
  /** Size of the frames, for the warm-up. */
  readonly width: number;
  readonly height: number;
}

/** One job of a peer. */
export interface PeerFigures {
  /** From the file in to the file out; loading the peer is not in it. */
  readonly seconds: number;
  readonly frames: number;
  /** The part of it in which the network ran. */
  readonly inferenceSeconds?: number;
  readonly outputBytes: number;
}

export interface UpscalerApi {
  /** @returns what tfjs runs on, as the browser names it. */
  start(job: UpscalerJob): Promise<string>;
  /** MP4 in, MP4 with twice the size out, frame by frame. */
  run(clip: Blob): Promise<PeerFigures>;
}
