/** Service workers are classic scripts of one file, which every browser runs. */
import { rolldown } from 'rolldown';

/**
 * @param {string} entry
 * @param {Readonly<Record<string, string>>} [define] code in place of names
 * @returns {Promise<string>} the code of the worker
 */
export async function bundleServiceWorker(entry, define = {}) {
  const build = await rolldown({
    input: entry,
    platform: 'browser',
    transform: { target: 'es2022', define },
  });
  const { output } = await build.generate({ format: 'iife', minify: true });
  await build.close();
  return output[0].code;
}
