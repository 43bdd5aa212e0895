/**
 * UpscalerJS as its guides say it is fast: in a worker, tensors in and out, one size of frames, warmed up,
 * the whole frame at once (patches are for the page's sake). It has no video of its own: Mediabunny gives it
 * frames by WebCodecs and takes them.
 */
import '@tensorflow/tfjs-backend-wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs';
import { expose } from 'comlink';
import {
  ALL_FORMATS,
  BlobSource,
  BufferTarget,
  Conversion,
  Input,
  Mp4OutputFormat,
  Output,
  VideoSample,
} from 'mediabunny';
import Upscaler from 'upscaler';
import { gpuAdapter } from './gpu-backend.ts';
import type { PeerFigures, UpscalerApi, UpscalerJob } from './upscaler-api.ts';

/** esrgan-slim 2x, as UpscalerJS's default model describes it. */
const scale = 2;
const range: [number, number] = [0, 255];

let upscaler: InstanceType<typeof Upscaler> | undefined;

const api: UpscalerApi = { start, run };
expose(api);

async function start({ backend, modelUrl, wasmUrls, width, height }: UpscalerJob): Promise<string> {
  tf.enableProdMode();
  // The threaded build starts workers from blobs, which the page's policy refuses.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({ ...wasmUrls });
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs did not start on ${backend}`);
  await tf.ready();
  const model = {
    path: modelUrl,
    scale,
    modelType: 'layers' as const,
    inputRange: range,
    outputRange: range,
  };
  upscaler = new Upscaler({ model });
  await upscaler.ready;
  const frame = tf.zeros<tf.Rank.R3>([height, width, 3], 'int32');
  (await upscaler.execute(frame, { output: 'tensor' })).dispose();
  frame.dispose();
  return backend === 'wasm'
    ? 'WebAssembly with SIMD, one thread'
    : ((await gpuAdapter('webgl')) ?? 'unknown');
}

async function run(clip: Blob): Promise<PeerFigures> {
  const begin = performance.now();
  let frames = 0;
  let inferenceMs = 0;
  const input = new Input({ source: new BlobSource(clip), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new Error('The clip has no video.');
  const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat(), target });
  const conversion = await Conversion.init({
    input,
    output,
    audio: { discard: true },
    video: {
      codec: 'avc',
      forceTranscode: true,
      processedWidth: scale * width,
      processedHeight: scale * height,
      async process(sample) {
        sample.draw(context, 0, 0);
        const start = performance.now();
        const pixels = await enlarge(context.getImageData(0, 0, width, height));
        inferenceMs += performance.now() - start;
        frames += 1;
        return new VideoSample(pixels, {
          format: 'RGBA',
          codedWidth: scale * width,
          codedHeight: scale * height,
          timestamp: sample.timestamp,
          duration: sample.duration,
        });
      },
    },
  });
  if (!conversion.isValid) throw new Error('Mediabunny cannot convert this clip in this browser.');
  await conversion.execute();
  return {
    seconds: (performance.now() - begin) / 1000,
    frames,
    inferenceSeconds: inferenceMs / 1000,
    outputBytes: target.buffer?.byteLength ?? 0,
  };
}

async function enlarge(image: ImageData): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const frame = tf.browser.fromPixels(image);
  const enlarged = await upscaler!.execute(frame, { output: 'tensor' });
  const bytes = tf.tidy(() => enlarged.clipByValue(0, 255).toInt() as tf.Tensor3D);
  const pixels = await tf.browser.toPixels(bytes);
  tf.dispose([frame, enlarged, bytes]);
  return pixels as Uint8ClampedArray<ArrayBuffer>;
}
