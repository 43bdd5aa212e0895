/** Runs whole jobs in other projects: stock ffmpeg.wasm in its own class, UpscalerJS in a worker. */
import { wrap, type Remote } from 'comlink';
import { stockJob, type StockJob } from './stock-peer.ts';
import type { PeerFigures, UpscalerApi, UpscalerJob } from './upscaler-api.ts';

/** What the command line calls on this page; files are those of the page's file input, by name. */
export interface PeersApi {
  stock(job: StockJob): Promise<PeerFigures>;
  /** Starts UpscalerJS in a worker of its own, and warms it up. @returns what it runs on. */
  startUpscaler(job: UpscalerJob): Promise<string>;
  upscale(clip: string, backend: UpscalerJob['backend']): Promise<PeerFigures>;
}

declare global {
  interface Window {
    readonly peers: PeersApi;
  }
}

const upscalers = new Map<UpscalerJob['backend'], Remote<UpscalerApi>>();

const peers: PeersApi = {
  stock: (job) => stockJob(job, chosenFile),
  async startUpscaler(job) {
    const worker = new Worker(new URL('./upscaler.worker.ts', import.meta.url), { type: 'module' });
    const upscaler = wrap<UpscalerApi>(worker);
    upscalers.set(job.backend, upscaler);
    return upscaler.start(job);
  },
  upscale(clip, backend) {
    const upscaler = upscalers.get(backend);
    if (upscaler === undefined) throw new Error('startUpscaler() comes first.');
    return upscaler.run(chosenFile(clip));
  },
};

function chosenFile(name: string): File {
  const files = Array.from(document.querySelector('input')?.files ?? []);
  const file = files.find((one) => one.name === name);
  if (file === undefined) throw new Error(`The page was not given the file ${name}.`);
  return file;
}

Object.assign(window, { peers });
