/**
 * Makes the demo's ESRGAN in `public/models`: the slim 2x network of UpscalerJS (`@upscalerjs/default-model`,
 * MIT) as `esrgan-slim-2x.json` and `.bin`, input LR, output SR.
 *
 * That network takes and gives 0 to 255, and dnn_processing 0 to 1: the kernel of the first convolution is
 * multiplied by 255, kernel and bias of the last one are divided by it. The pictures are the same.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultModelFolder } from './convert-default-models.mjs';
import { writeWhenDifferent } from './write-when-different.mjs';

/**
 * @typedef {{ readonly name: string, readonly shape: readonly number[], readonly dtype: string }} WeightSpec
 */

/** By what the weights of 0 to 255 are multiplied. */
const factors = new Map([
  ['F_m1/kernel', 255],
  ['SR/kernel', 1 / 255],
  ['SR/bias', 1 / 255],
]);

const shard = 'esrgan-slim-2x.bin';

/** The package exports code alone; the model lies beside it. */
function packageFolder() {
  const main = createRequire(import.meta.url).resolve('@upscalerjs/default-model');
  const marker = join('@upscalerjs', 'default-model');
  return main.slice(0, main.lastIndexOf(marker) + marker.length);
}

/**
 * Weights for values of 0 to 1.
 *
 * @param {readonly WeightSpec[]} specs in the order of the bytes
 * @param {Uint8Array} bytes for values of 0 to 255; not changed
 * @returns {Uint8Array}
 * @throws {Error} where the network is not the one that is known
 */
export function rescaled(specs, bytes) {
  const values = new Float32Array(bytes.slice().buffer);
  const found = new Set();
  let offset = 0;
  for (const { name, shape, dtype } of specs) {
    if (dtype !== 'float32') throw new Error(`esrgan-slim: weights of ${name} are ${dtype}, not float32`);
    const size = shape.reduce((product, length) => product * length, 1);
    const factor = factors.get(name);
    if (factor !== undefined) {
      found.add(name);
      for (let index = offset; index < offset + size; index++) values[index] = (values[index] ?? 0) * factor;
    }
    offset += size;
  }
  if (found.size !== factors.size || offset !== values.length)
    throw new Error(
      '@upscalerjs/default-model: the weights are not those of esrgan-slim; this version is not known',
    );
  return new Uint8Array(values.buffer);
}

/**
 * Makes what is missing or differs; returns the path of the `.json` file.
 *
 * @param {string} [folder]
 */
export async function copyEsrganModel(folder = defaultModelFolder) {
  await mkdir(folder, { recursive: true });
  const source = packageFolder();
  const model = JSON.parse(await readFile(join(source, 'models', 'model.json'), 'utf8'));
  const [group] = model.weightsManifest;
  const bytes = rescaled(group.weights, await readFile(join(source, 'models', group.paths[0])));
  // Weights first: a model whose topology is there is complete.
  await writeWhenDifferent(join(folder, shard), Buffer.from(bytes));
  const json = { ...model, weightsManifest: [{ ...group, paths: [shard] }] };
  const path = join(folder, 'esrgan-slim-2x.json');
  await writeWhenDifferent(path, Buffer.from(JSON.stringify(json)));
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));
  const licence = await readFile(join(source, 'LICENSE'), 'utf8');
  const origin = `From the npm package @upscalerjs/default-model ${version}, its weights scaled to values of 0 to 1.\n\n${licence}`;
  await writeWhenDifferent(join(folder, 'esrgan-slim-2x.txt'), Buffer.from(origin));
  return path;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await copyEsrganModel());
