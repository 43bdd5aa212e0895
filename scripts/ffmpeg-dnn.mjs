#!/usr/bin/env node
/** The command line: `ffmpeg` with the DNN filters. Builds what is missing first. */
import { setUp } from './setup.mjs';

try {
  await setUp();
  const { buildWhenStale } = await import('./build-when-stale.mjs');
  await buildWhenStale();
  await import(new URL('../dist/cli/ffmpeg-dnn.js', import.meta.url).href);
} catch (error) {
  process.stderr.write(`ffmpeg-dnn: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
