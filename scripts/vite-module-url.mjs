/**
 * Vite plugin: `import url from './x.ts?moduleurl'` gives the URL of x as an ES module of its own, with its
 * exports kept, so that code which takes a module's URL (FFmpeg.load's coreURL) can import it. `?url` does
 * not compile a .ts in a build, and `?worker&url` drops the exports.
 */
import { relative } from 'node:path';

const suffix = '?moduleurl';
const prefix = '\0moduleurl:';

/** @returns {import('vite').Plugin} */
export function moduleUrl() {
  /** @type {import('vite').ResolvedConfig | undefined} */
  let config;
  return {
    name: 'module-url',
    enforce: 'pre',
    configResolved(resolved) {
      config = resolved;
    },
    async resolveId(id, importer) {
      if (!id.endsWith(suffix)) return null;
      const target = await this.resolve(id.slice(0, -suffix.length), importer, { skipSelf: true });
      if (target === null) this.error(`${id}: no such module, imported by ${importer ?? 'an entry'}`);
      return prefix + target.id;
    },
    load(id) {
      if (!id.startsWith(prefix) || config === undefined) return null;
      const file = id.slice(prefix.length);
      let address;
      if (config.command === 'build') {
        const reference = this.emitFile({ type: 'chunk', id: file, preserveSignature: 'strict' });
        address = `import.meta.ROLLUP_FILE_URL_${reference}`;
      } else {
        const path = relative(config.root, file).replaceAll('\\', '/');
        address = JSON.stringify(config.base + (path.startsWith('../') ? `@fs${file}` : path));
      }
      // Kept in a variable: Vite rewrites a literal `new URL('…', import.meta.url)` to an asset.
      return `const here = import.meta.url;\nexport default new URL(${address}, here).href;`;
    },
  };
}
