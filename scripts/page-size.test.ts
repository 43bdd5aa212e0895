/** What a page loads before any worker starts: small, whatever the workers can do. */
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { describe, expect, it } from 'vitest';
import { moduleUrl } from './vite-module-url.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Bytes of an entry and of everything that it imports at once, compressed. */
async function pageBytes(entry: string): Promise<number> {
  const result = (await build({
    ...{ root, configFile: false, logLevel: 'error', publicDir: false, plugins: [moduleUrl()] },
    worker: { format: 'es' },
    build: {
      ...{ write: false, target: 'es2022', assetsInlineLimit: 0 },
      rolldownOptions: { input: `${root}${entry}`, preserveEntrySignatures: 'strict' },
    },
  })) as Rolldown.RolldownOutput;
  const chunks = result.output.filter((file) => file.type === 'chunk');
  const wanted = new Set<string>();
  const add = (fileName: string): void => {
    if (wanted.has(fileName)) return;
    wanted.add(fileName);
    for (const name of chunks.find((chunk) => chunk.fileName === fileName)?.imports ?? []) add(name);
  };
  add(chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(entry) === true)!.fileName);
  const code = chunks.filter(({ fileName }) => wanted.has(fileName)).map((chunk) => chunk.code);
  return gzipSync(code.join('')).length;
}

describe('the code on the page', () => {
  it.each(['src/index.ts', 'src/element/define.ts'])(
    '%s is at most 30 KiB, compressed',
    async (entry) => {
      const bytes = await pageBytes(entry);
      expect(bytes).toBeGreaterThan(2000);
      expect(bytes).toBeLessThanOrEqual(30 * 1024);
    },
    120_000,
  );
});
