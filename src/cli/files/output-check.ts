/**
 * Notices outputs that cannot be written before anything is encoded, in ffmpeg's words (libavformat/file.c).
 */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { lastValue, type Command } from '../../pipeline/command/command.ts';
import { outputPath } from '../../pipeline/command/overwrite.ts';

/** strerror of what opening a file for writing fails with. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  EPERM: 'Operation not permitted',
  EROFS: 'Read-only file system',
};

/** Muxers whose output's name is no file: it lists several, or is a folder. */
const namesNoFile = ['tee', 'hds', 'smoothstreaming'];

/** Null where every output can be written, else the line to print before ending with 1. */
export function unwritableOutput(command: Command, cwd: string): string | null {
  const outputs = command.outputs
    .filter((output) => !namesNoFile.includes(lastValue(output.options, 'f') ?? ''))
    .map((output) => outputPath(output));
  const { dnnStats, dnnDetections, dnnTimeline } = command;
  for (const name of [...outputs, dnnStats, dnnDetections, dnnTimeline]) {
    // Other protocols are ffmpeg's to open.
    if (name === undefined || /^[a-z][a-z0-9+.-]+:/i.test(name)) continue;
    const reason = reasonAgainst(resolve(cwd, name));
    if (reason !== undefined) return `${name}: ${reason}`;
  }
  return null;
}

function reasonAgainst(path: string): string | undefined {
  const folder = dirname(path);
  // A name like `%v/list.m3u8` is known once the muxer has filled it in.
  if (folder.includes('%')) return undefined;
  try {
    if (!statSync(`${folder}/`).isDirectory()) return reasons['ENOTDIR'];
    const found = path.includes('%') ? undefined : statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) return 'Is a directory';
    accessSync(found === undefined ? folder : path, constants.W_OK);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return reasons[code] ?? (error instanceof Error ? error.message : String(error));
  }
}
