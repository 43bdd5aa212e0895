/** The recipes of docs/recipes.md: each has a heading and one block of code. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { splitWords } from '../src/element/split-words.ts';

export interface Recipe {
  readonly title: string;
  readonly language: 'sh' | 'ts' | 'html';
  readonly code: string;
}

function isLanguage(word: string | undefined): word is Recipe['language'] {
  return word === 'sh' || word === 'ts' || word === 'html';
}

/**
 * @throws Error for a heading without exactly one block of a language that can be run, and
 * for a block without a heading.
 */
export function readRecipes(): Recipe[] {
  const page = readFileSync(fileURLToPath(new URL('../docs/recipes.md', import.meta.url)), 'utf8');
  const [intro = '', ...sections] = page.split(/^## /m);
  if (intro.includes('```')) throw new Error('docs/recipes.md: a block stands before the first heading.');
  return sections.map((section) => {
    const title = section.slice(0, section.indexOf('\n')).trim();
    const blocks = [...section.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)];
    const [[, language, code] = []] = blocks;
    if (blocks.length !== 1 || !isLanguage(language) || code === undefined)
      throw new Error(`docs/recipes.md: '${title}' needs one block of sh, ts or html.`);
    return { title, language, code };
  });
}

/** The words behind `npx ffmpeg-dnn`, for each command of the block. @throws Error for any other command. */
export function commandsOf({ title, code }: Recipe): string[][] {
  const lines = code.replaceAll('\\\n', ' ').split('\n');
  const commands = lines.filter((line) => line.trim() !== '').map(splitWords);
  return commands.map(([npx, program, ...words]) => {
    if (npx !== 'npx' || program !== 'ffmpeg-dnn')
      throw new Error(`docs/recipes.md: '${title}' runs something else than npx ffmpeg-dnn.`);
    return words;
  });
}
