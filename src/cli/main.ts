/** `ffmpeg-dnn ARGS`: the words of `ffmpeg`, run in a headless browser, with the DNN filters. */
import { dirname, join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { errorMessage } from '../base/errors.ts';
import { isLogged } from '../base/log.ts';
import { filterHelp } from '../filters/filter-help.ts';
import { lastValue, requireOutput, splitCommand, type Command } from '../pipeline/command/command.ts';
import { encoderHelp } from '../pipeline/command/webcodecs/encoder-help.ts';
import { isStatusLine } from '../pipeline/command/leftover-options.ts';
import { logLevelOf } from '../pipeline/command/log-level.ts';
import { stoppedExitCode } from '../pipeline/command/exit-codes.ts';
import { checkFilters, planOf } from './check-filters.ts';
import { convert } from './convert.ts';
import { helpText } from './help.ts';
import { readsStdin, SpooledInput } from './files/standard-input.ts';
import { HeadlessBrowser } from './headless-browser.ts';
import { inputPaths } from './files/input-files.ts';
import { unwritableOutput } from './files/output-check.ts';
import { writtenFiles } from './files/output-files.ts';
import { overwriteRefusal } from './overwrite.ts';
import { PageServer } from './page-server.ts';
import { StatusLine } from './status-line.ts';

/** @returns the exit code of the process: ffmpeg's own. */
export async function main(args: readonly string[]): Promise<number> {
  const help = filterHelp(args) ?? encoderHelp(args);
  if (help !== undefined) {
    process.stdout.write(`${help}\n`);
    return 0;
  }
  if (args.length === 0 || (args.length === 1 && ['-h', '-help', '--help', '-?'].includes(args[0]!))) {
    process.stdout.write(helpText);
    return args.length === 0 ? 1 : 0;
  }
  // npm runs scripts in the package's folder; INIT_CWD is where the user stands.
  const cwd = process.env['INIT_CWD'] ?? process.cwd();
  try {
    if (args[0] === 'convert') return await convert(args.slice(1), cwd);
    const command = splitCommand(args);
    const refusal = (await overwriteRefusal(command, cwd)) ?? unwritableOutput(command, cwd);
    if (refusal !== null) {
      process.stderr.write(`${refusal}\n`);
      return 1;
    }
    return await runInBrowser(args, command, cwd);
  } catch (error) {
    printFailure(errorMessage(error));
    return 1;
  }
}

async function runInBrowser(args: readonly string[], command: Command, cwd: string): Promise<number> {
  const status = new StatusLine(process.stderr);
  const inputs = inputPaths(command, cwd);
  const planned = planOf(command, cwd);
  if (planned.kind === 'dnn') {
    requireOutput(command);
    await checkFilters(planned.plan, inputs, cwd);
  }
  const pageFolder = join(dirname(fileURLToPath(import.meta.url)), '..', 'lib');
  const server = await PageServer.start(pageFolder, writtenFiles(command, cwd));
  let browser: HeadlessBrowser | undefined;
  let spooled: SpooledInput | undefined;
  let signals = 0;
  const stopped = new AbortController();
  const onSignal = (): void => {
    signals += 1;
    stopped.abort();
    if (signals === 1) void browser?.stop();
    else void browser?.close();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    if (readsStdin(command, cwd)) spooled = await SpooledInput.from(process.stdin, stopped.signal);
    browser = await HeadlessBrowser.start(`${server.origin}/headless.html`, {
      log: ({ type, message }) => {
        const line = message.replace(/^\[encode\] /, '');
        if (type !== 'stdout' && isStatusLine(line)) {
          // ffmpeg's own tells all of a command that it runs alone, and would repeat ours of any other.
          if (planned.kind === 'plain') status.show(line.trimEnd());
          if (planned.kind === 'plain' && line.includes('Lsize=')) status.end();
          return;
        }
        status.clear();
        (type === 'stdout' ? process.stdout : process.stderr).write(`${message}\n`);
      },
      progress: (progress) => {
        if (planned.kind === 'dnn' && showsStatus(command)) status.update(progress);
      },
    });
    if (signals > 0) return stoppedExitCode;
    const more = spooled === undefined ? [] : [spooled];
    const folders = outputFolders(command, cwd);
    const { outputUrl } = server;
    const result = await browser.run(
      { args, cwd, inputs: [...inputs, ...more.map(({ name }) => name)], folders, outputUrl },
      [...inputs, ...more.map(({ path }) => path)],
    );
    status.end();
    if (result.message !== undefined) printFailure(result.message);
    return signals > 0 ? stoppedExitCode : result.exitCode;
  } catch (error) {
    if (signals > 1 || (signals > 0 && browser === undefined)) return stoppedExitCode;
    throw error;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await browser?.close();
    await server.close();
    await spooled?.remove();
  }
}

/** Whether ffmpeg would print status lines. */
function showsStatus(command: Command): boolean {
  const asked = lastValue(command.global, 'stats');
  return asked === undefined ? isLogged('info', logLevelOf(command)) : asked === '1';
}

/** The sentence comes last, behind the text with the caret, so that the last line says what is wrong. */
function printFailure(message: string): void {
  const [sentence, ...picture] = message.split('\n');
  process.stderr.write(`${[...picture, `ffmpeg-dnn: ${sentence}`].join('\n')}\n`);
}

/** Folders that exist: writing to any other one fails as it does for ffmpeg. */
function outputFolders(command: Command, cwd: string): string[] {
  const words = [
    ...command.outputs.map(({ url }) => url),
    command.dnnStats ?? '.',
    command.dnnDetections ?? '.',
    command.dnnTimeline ?? '.',
  ];
  const logs = command.outputs.flatMap(({ options }) => options).filter(({ name }) => name === 'passlogfile');
  const folders = [...words, ...logs.map(({ value }) => value)].map((word) => dirname(resolve(cwd, word)));
  return [...new Set([cwd, ...folders])].filter((folder) => existsSync(folder));
}
