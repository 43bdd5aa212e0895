#!/usr/bin/env node
/** The command line: `ffmpeg` with the DNN filters. Builds what is missing first. */
import { setUp } from './setup.mjs';

try {
  await setUp();
  const { buildWhenStale } = await import('./build-when-stale.mjs');
  await buildWhenStale();
  const { main } = await import(new URL('../dist/cli/main.js', import.meta.url).href);
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`ffmpeg-dnn: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
