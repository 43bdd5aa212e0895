#!/usr/bin/env node
/** The program `ffmpeg-dnn` of the installed package. */
import { main } from './main.ts';

// ffmpeg ignores SIGPIPE: a reader that has seen enough (`| head`) must not cost the output file. Whoever
// writes data hears of it by its own callback.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await main(process.argv.slice(2));
