/** The machine and the versions of everything that takes part, for the report. */
import { existsSync, readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { nativeVersion } from './native-ffmpeg.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Whose version a reader needs to repeat the measurement. */
const packages = [
  '@ffmpeg/ffmpeg',
  '@ffmpeg/core',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgl',
  '@tensorflow/tfjs-backend-webgpu',
  'onnxruntime-web',
  'onnxruntime-node',
  'upscaler',
  '@upscalerjs/esrgan-slim',
  '@websr/websr',
  'assemblyscript',
  'playwright',
];

/** @returns {import('./report-format.ts').BenchReport['machine']} */
export function machineRecord() {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    os: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

/** @param {string} folder */
function versionIn(folder) {
  /** @type {unknown} */
  const content = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return /** @type {{ version?: string }} */ (content).version ?? 'unknown';
}

/** @returns {Promise<Record<string, string>>} by package; native ffmpeg as `ffmpeg`, where it is installed */
export async function versionsRecord() {
  /** @type {Record<string, string>} */
  const versions = { 'ffmpeg-dnn-wasm': versionIn(root) };
  for (const name of packages) {
    const folder = join(root, 'node_modules', name);
    if (existsSync(folder)) versions[name] = versionIn(folder);
  }
  const ffmpeg = await nativeVersion();
  if (ffmpeg !== undefined) versions['ffmpeg'] = ffmpeg;
  return versions;
}
