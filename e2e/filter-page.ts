/**
 * Runs a DNN filter on a frame in the page itself: options, model, links, backend and post-processing as in a
 * job, without the decoder, the workers and the encoder around them, so that hundreds of cases take seconds.
 */
import { DnnError } from '../src/base/errors.ts';
import type { Logger } from '../src/base/log.ts';
import { joinStrips } from '../src/dnn/run/frame-strips.ts';
import type { RunnerKind, RunnerTask } from '../src/dnn/run/runner-kinds.ts';
import type { Runner } from '../src/dnn/run/runner.ts';
import type { DNNBackendType } from '../src/dnn/contract/backends.ts';
import type { DNNModule } from '../src/dnn/contract/interface.ts';
import { splitRows } from '../src/dnn/contract/split-rows.ts';
import { filtersOf } from '../src/filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../src/filtergraph/parse-filtergraph.ts';
import { cropFrame } from '../src/frame/crop-frame.ts';
import type { DetectionBBoxes } from '../src/frame/detection-bboxes.ts';
import type { Frame } from '../src/frame/frame.ts';
import type { PixelFormat } from '../src/frame/pixel-format.ts';
import { frameFromBuffer, frameLayout } from '../src/frame/plane-layout.ts';
import { analysis } from '../src/pipeline/inference/analyse-frames.ts';
import {
  configureLinks,
  loadDnnInstance,
  parseDnnFilter,
  type DnnInstance,
} from '../src/pipeline/instance/dnn-instance.ts';
import { defaultAssetUrls } from '../src/workers/default-asset-urls.ts';
import { startRunner } from '../src/workers/start-runner.ts';

/** One frame through a chain of DNN filters. */
export interface FilterJob {
  /** DNN filters alone, joined by commas. */
  readonly filters: string;
  /** Base64 by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly format: PixelFormat;
  readonly width: number;
  readonly height: number;
  /** Base64 of the frame, tightly packed. */
  readonly frame: string;
  /** The result is computed in so many strips of rows. */
  readonly strips?: number;
}

export interface FilterOutcome {
  readonly frame?: string;
  readonly width?: number;
  readonly height?: number;
  readonly detections?: DetectionBBoxes;
  readonly error?: { readonly name: string; readonly message: string; readonly code?: string };
  readonly warnings: readonly string[];
}

declare global {
  interface Window {
    runFilter(job: FilterJob): Promise<FilterOutcome>;
  }
}

const modules = new Map<DNNBackendType, Promise<DNNModule>>();

async function startBackend(backend: DNNBackendType): Promise<DNNModule> {
  const assets = defaultAssetUrls();
  if (backend === 'native') {
    const { createNativeModule } = await import('../src/backends/native/native-module.ts');
    return createNativeModule(assets);
  }
  const { createTensorflowModule } = await import('../src/backends/tensorflow/tensorflow-module.ts');
  return createTensorflowModule({ wasmURL: assets.tfjsWasmURL, simdWasmURL: assets.tfjsSimdWasmURL });
}

function backendModule(backend: DNNBackendType): Promise<DNNModule> {
  const module = modules.get(backend) ?? startBackend(backend);
  modules.set(backend, module);
  return module;
}

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

function copyFrame({ format, width, height, pts, buffer }: Frame): Frame {
  return frameFromBuffer(format, width, height, pts, buffer.slice(0));
}

async function runnerOf<Kind extends RunnerKind>(
  { context, spec }: DnnInstance,
  task: RunnerTask<Kind>,
): Promise<Runner<Kind>> {
  const module = await backendModule(context.backendType);
  const batchFree = spec.batchFree && module.capabilities.batch;
  return startRunner({ model: await module.loadModel(spec), batchFree }, task);
}

async function processFrame(
  instance: DnnInstance,
  task: RunnerTask<'process'>,
  frame: Frame,
  strips: number,
): Promise<Frame> {
  const { output, scaleFirst } = configureLinks(instance, frame);
  const runner = await runnerOf(instance, task);
  try {
    const item = { outWidth: output.width, outHeight: output.height, scaleFirst };
    if (strips < 2) return (await runner.run([{ ...item, frame }], [])).outputs[0]!;
    const rows = splitRows(output.height, strips);
    const parts: Frame[] = [];
    for (const range of rows) {
      const { outputs } = await runner.run([{ ...item, frame: copyFrame(frame), rows: range }], []);
      parts.push(outputs[0]!);
    }
    return joinStrips(parts, rows);
  } finally {
    runner.close();
  }
}

async function analyseFrame(
  instance: DnnInstance,
  task: RunnerTask<'analyse'>,
  frame: Frame,
  log: Logger,
): Promise<Frame> {
  configureLinks(instance, frame);
  const runner = await runnerOf(instance, task);
  try {
    const work = analysis({ text: instance.filter.name, model: instance.context.model, task }, log);
    const sent = work
      .items(frame)
      .map(({ frame: whole, box }) =>
        box === undefined ? copyFrame(whole) : cropFrame(whole, box, (bytes) => new ArrayBuffer(bytes)),
      );
    return work.finish(frame, sent.length === 0 ? [] : (await runner.run(sent, [])).outputs);
  } finally {
    runner.close();
  }
}

window.runFilter = async ({ filters, files, format, width, height, frame: bytes, strips = 1 }) => {
  const warnings: string[] = [];
  const log: Logger = (level, message) => {
    if (level === 'warning') warnings.push(message);
  };
  const readFile = (path: string): Promise<Uint8Array> => {
    const data = files[path.replace(/^\//, '')];
    if (data === undefined)
      return Promise.reject(new DnnError('ENOENT', `${path}: No such file or directory`));
    return Promise.resolve(fromBase64(data));
  };
  try {
    frameLayout(format, width, height);
    let frame = frameFromBuffer(format, width, height, 0, fromBase64(bytes).buffer);
    for (const node of filtersOf(parseFiltergraph(filters))) {
      const parsed = parseDnnFilter(node, log);
      const instance = await loadDnnInstance(filters, parsed, '/', 4, readFile, log);
      const { task } = instance;
      frame =
        task.kind === 'process'
          ? await processFrame(instance, task, frame, strips)
          : await analyseFrame(instance, task, frame, log);
    }
    return {
      frame: toBase64(new Uint8Array(frame.buffer)),
      width: frame.width,
      height: frame.height,
      ...(frame.detections === undefined ? {} : { detections: frame.detections }),
      warnings,
    };
  } catch (thrown) {
    const { name, message } = thrown as Error;
    return {
      error: { name, message, ...(thrown instanceof DnnError ? { code: thrown.code } : {}) },
      warnings,
    };
  }
};
