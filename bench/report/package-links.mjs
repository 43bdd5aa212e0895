/** Where a reader finds the peers that were run. */
import { text } from './escape.mjs';

/** Repositories by the start of a package's name. */
const repositories = /** @type {const} */ ([
  ['@tensorflow/', 'https://github.com/tensorflow/tfjs'],
  ['onnxruntime-', 'https://github.com/microsoft/onnxruntime'],
  ['@ffmpeg/', 'https://github.com/ffmpegwasm/ffmpeg.wasm'],
  ['upscaler', 'https://github.com/thekevinscott/UpscalerJS'],
  ['@upscalerjs/', 'https://github.com/thekevinscott/UpscalerJS'],
  ['@websr/', 'https://github.com/sb2702/websr'],
  ['mediabunny', 'https://github.com/Vanilagy/mediabunny'],
  ['playwright', 'https://github.com/microsoft/playwright'],
]);

/** Not from the registry of npm. */
const elsewhere = new Map([['ffmpeg', 'https://ffmpeg.org/download.html']]);

/** @param {string} address @param {string} words */
const link = (address, words) => `<a href="${text(address)}">${words}</a>`;

/** @param {string} name @param {string} version @returns {string} HTML */
export function packageLinks(name, version) {
  const home = elsewhere.get(name);
  if (home !== undefined) return link(home, 'home page');
  if (name === 'ffmpeg-dnn-wasm') return 'this project';
  const path = name.toWellFormed().split('/').map(encodeURIComponent).join('/').replace(/^%40/, '@');
  const page = `https://www.npmjs.com/package/${path}/v/${encodeURIComponent(version.toWellFormed())}`;
  const repository = repositories.find(([start]) => name.startsWith(start))?.[1];
  return [link(page, 'npm'), ...(repository === undefined ? [] : [link(repository, 'repository')])].join(
    ', ',
  );
}
