/**
 * Makes the default models for detection and classification: four tfjs graph models of `@vladmandic/human`
 * (MIT) in `public/models`, `NAME.json` and its weights `NAME.bin`, with their label files and
 * `detection-models.txt`, which says where they come from and under which licence.
 *
 *     blazeface   faces          input x: [1, 256, 256, 3] float, -1 to 1
 *     emotion     7 emotions     input input_1: [n, 64, 64, 1] float, grey of a face, -1 to 1
 *     centernet   COCO's 80      input tower_0/images: [1, 512, 512, 3] float, 0 to 255
 *     handtrack   hands, faces   input input_tensor: [1, height, width, 3] uint8
 */
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultModelFolder } from './convert-default-models.mjs';
import { writeWhenDifferent } from './write-when-different.mjs';

export const detectionModels = /** @type {const} */ (['blazeface', 'emotion', 'centernet', 'handtrack']);

// The package exports only its bundles; the rest lies beside them.
const human = dirname(dirname(createRequire(import.meta.url).resolve('@vladmandic/human')));

/**
 * The strings between quotes in the first match of a pattern in one of the package's source files.
 *
 * @param {string} file
 * @param {RegExp} pattern
 * @param {number} count how many there are
 */
async function quotedIn(file, pattern, count) {
  const found = pattern.exec(await readFile(join(human, 'src', file), 'utf8'))?.[0] ?? '';
  const words = [...found.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? '');
  if (words.length !== count) {
    throw new Error(
      `@vladmandic/human: ${file} has ${words.length} labels, not ${count}; this version is not known`,
    );
  }
  return words;
}

/**
 * The label files, a line for each class. Detectors of TensorFlow's Object Detection API (handtrack) count
 * classes from 1: line 0 is what is no object.
 *
 * @returns {Promise<Readonly<Record<string, readonly string[]>>>}
 */
export async function readLabels() {
  return {
    // The branch for models of one channel, which the package's own is.
    'emotion-labels.txt': await quotedIn('gear/emotion.ts', /if \(!rgb\) annotations = \[[^\]]*\]/, 7),
    'coco-labels.txt': await quotedIn('object/labels.ts', /\[[^\]]*\]/, 80),
    'handtrack-labels.txt': [
      'background',
      ...(await quotedIn('hand/handtrack.ts', /const classes = \[[^\]]*\]/, 7)),
    ],
    'blazeface-labels.txt': ['face'],
  };
}

/**
 * Where each model comes from, as its own file says, and the package's licence.
 *
 * @param {ReadonlyMap<string, Buffer>} topologies
 */
async function origin(topologies) {
  const { version } = JSON.parse(await readFile(join(human, 'package.json'), 'utf8'));
  const lines = [...topologies].map(
    ([name, bytes]) => `${name}: ${JSON.parse(bytes.toString()).generatedBy}`,
  );
  const licence = await readFile(join(human, 'LICENSE'), 'utf8');
  return `Copied from the npm package @vladmandic/human ${version}, which converted them from:\n\n${lines.join('\n')}\n\n${licence}`;
}

/**
 * Copies what is missing or differs; returns the paths of the `.json` files. Safe
 * when two processes do it at once.
 *
 * @param {string} [folder]
 */
export async function copyDetectionModels(folder = defaultModelFolder) {
  await mkdir(folder, { recursive: true });
  /** @type {Map<string, Buffer>} */
  const topologies = new Map();
  for (const name of detectionModels) {
    const json = await readFile(join(human, 'models', `${name}.json`));
    topologies.set(name, json);
    // Weights first: a model whose topology is there is complete.
    await writeWhenDifferent(
      join(folder, `${name}.bin`),
      await readFile(join(human, 'models', `${name}.bin`)),
    );
    await writeWhenDifferent(join(folder, `${name}.json`), json);
  }
  for (const [file, labels] of Object.entries(await readLabels()))
    await writeWhenDifferent(join(folder, file), Buffer.from(`${labels.join('\n')}\n`));
  await writeWhenDifferent(join(folder, 'detection-models.txt'), Buffer.from(await origin(topologies)));
  return detectionModels.map((name) => join(folder, `${name}.json`));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const path of await copyDetectionModels()) console.log(path);
}
