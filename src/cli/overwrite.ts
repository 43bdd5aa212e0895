/**
 * Decides about files that exist before anything starts, with ffmpeg's words
 * (fftools/ffmpeg_opt.c · assert_file_overwrite).
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from '../pipeline/command/command.ts';
import { bothAnswers, existsAlready, outputPath, overwriteAnswer } from '../pipeline/command/overwrite.ts';

/** Null where the job may start, else the line to print before ending with 1. */
export async function overwriteRefusal(command: Command, cwd: string): Promise<string | null> {
  const answer = overwriteAnswer(command);
  for (const output of command.outputs) {
    const { url } = output;
    const name = outputPath(output);
    if (name === undefined) continue;
    if (answer === 'both') return bothAnswers;
    const path = resolve(cwd, name);
    if (!existsSync(path) || path === '/dev/null') continue;
    const input = command.inputs.find((group) => resolve(cwd, group.url) === path);
    if (input !== undefined) {
      return `Output ${url} same as Input #${command.inputs.indexOf(input)} - exiting\nFFmpeg cannot edit existing files in-place.`;
    }
    if (answer === 'y') continue;
    if (answer === 'n') return existsAlready(url);
    if (!process.stdin.isTTY)
      return `File '${url}' already exists. Overwrite? [y/N] not overwriting - exiting`;
    if (!(await isAgreed(`File '${url}' already exists. Overwrite? [y/N] `)))
      return 'Not overwriting - exiting';
  }
  return null;
}

async function isAgreed(question: string): Promise<boolean> {
  const dialog = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await dialog.question(question)).trim());
  } finally {
    dialog.close();
  }
}
