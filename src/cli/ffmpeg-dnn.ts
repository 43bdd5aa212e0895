#!/usr/bin/env node
/** The program `ffmpeg-dnn` of the installed package. */
import { main } from './main.ts';

process.exitCode = await main(process.argv.slice(2));
