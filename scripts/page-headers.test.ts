/** public/_headers, which static hosts read, says what page-headers.mjs gives to every other server. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pageHeaders } from './page-headers.mjs';

const headersFile = readFileSync(new URL('../public/_headers', import.meta.url), 'utf8');

/** The rules of a `_headers` file: a line with a path, then its headers, indented. */
function readRules(text: string): Record<string, Record<string, string>> {
  const rules: Record<string, Record<string, string>> = {};
  let headers: Record<string, string> | undefined;
  for (const line of text.split('\n').filter((content) => content.trim() !== '')) {
    if (!/^\s/.test(line)) {
      rules[line] = headers = {};
      continue;
    }
    const [, name, value] = /^\s+([\w-]+): (.+)$/.exec(line) ?? [];
    if (headers === undefined || name === undefined || value === undefined) {
      throw new Error(`public/_headers has a line that no host can read: ${line}`);
    }
    headers[name] = value;
  }
  return rules;
}

test('static hosts are told the same headers for every path', () => {
  expect(readRules(headersFile)).toEqual({ '/*': pageHeaders });
});
