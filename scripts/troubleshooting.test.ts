/** A message that the guide explains is one that the sources have. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const guide = readFileSync(`${root}docs/troubleshooting.md`, 'utf8');
const quoted = [...guide.matchAll(/^\| `([^`]+)`/gm)].map(([, message]) => message!);

/** The sources with strings that stand on several lines joined, and quotes as in the guide. */
function sources(): string {
  const files = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' });
  const code = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const text = code.map((file) => readFileSync(`${root}src/${file}`, 'utf8')).join('\n');
  return text.replaceAll(/['`"]\s*\+\s*['`"]/g, '');
}

it('explains messages that there are', () => {
  const all = sources();
  expect(quoted.length).toBeGreaterThan(10);
  expect(quoted.filter((message) => !all.includes(message))).toEqual([]);
});
