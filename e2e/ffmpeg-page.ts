/**
 * The library on a page of its own, driven from a spec: bytes go in and out,
 * commands run and tell how they ended.
 */
import { aliveWorkers, newestWorker } from './alive-workers.ts';
import type { Page, Worker } from 'playwright/test';
import type { FFmpegDNN } from '../src/index.ts';
import { expect } from 'playwright/test';

declare global {
  interface Window {
    ffmpeg: FFmpegDNN;
    /** Lines of the log since the last command started. */
    lines: string[];
    abort: AbortController;
  }
}

/** How a command ended. */
export interface Outcome {
  readonly exitCode?: number;
  /** What `exec` rejected with. */
  readonly error?: { readonly name: string; readonly message: string; readonly code?: string };
  readonly log: readonly string[];
  readonly seconds: number;
}

/** What the specs make their inputs of. */
export const testSource = 'testsrc2=size=64x48:rate=25';

/** Folders that every core has. */
const stockFolders = ['/tmp', '/home', '/home/web_user', '/dev', '/proc'];

export class FFmpegPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the page and loads the library. */
  async open(url = '/headless.html'): Promise<void> {
    await this.page.goto(url);
    await this.page.evaluate(async () => {
      const ffmpeg = (window.ffmpeg = new window.FFmpegDNN());
      window.lines = [];
      ffmpeg.on('log', ({ message }) => window.lines.push(message));
      await ffmpeg.load();
    });
  }

  async write(path: string, data: Uint8Array): Promise<void> {
    await this.page.evaluate(
      ([name, text]) =>
        window.ffmpeg.writeFile(
          name,
          Uint8Array.from(atob(text), (c) => c.charCodeAt(0)),
        ),
      [path, Buffer.from(data).toString('base64')] as const,
    );
  }

  async read(path: string): Promise<Buffer> {
    const text = await this.page.evaluate(async (name) => {
      const blob = await window.ffmpeg.readBlob(name);
      const url = await new Promise<string>((resolve) => {
        const reader = new FileReader();
        reader.onload = () => {
          resolve(reader.result as string);
        };
        reader.readAsDataURL(blob);
      });
      return url.slice(url.indexOf(',') + 1);
    }, path);
    return Buffer.from(text, 'base64');
  }

  /** Runs a command; a rejection is part of the outcome. */
  run(args: readonly string[], timeout = -1): Promise<Outcome> {
    return this.page.evaluate(
      async ([words, limit]) => {
        const started = performance.now();
        window.lines = [];
        window.abort = new AbortController();
        const end = () => ({ log: window.lines, seconds: (performance.now() - started) / 1000 });
        try {
          const { signal } = window.abort;
          return { exitCode: await window.ffmpeg.exec(words, limit, { signal }), ...end() };
        } catch (thrown) {
          const { name, message, code } = thrown as Error & { code?: string };
          return { error: { name, message, ...(typeof code === 'string' ? { code } : {}) }, ...end() };
        }
      },
      [args, timeout] as const,
    );
  }

  /** Runs a command that has to succeed, and gives its log. */
  async make(...args: readonly string[]): Promise<readonly string[]> {
    const { exitCode, error, log } = await this.run(args);
    expect({ exitCode, error }, log.slice(-5).join('\n')).toEqual({ exitCode: 0, error: undefined });
    return log;
  }

  /** Makes a short clip of a lavfi source. */
  async clip(path: string, frames = 10, ...options: readonly string[]): Promise<void> {
    await this.make('-f', 'lavfi', '-i', testSource, '-frames:v', String(frames), ...options, path);
  }

  /** Lines of `ffmpeg -f framecrc` about a file's packets: stream, dts, pts, duration, size, checksum. */
  async packets(path: string, ...options: readonly string[]): Promise<readonly (readonly string[])[]> {
    await this.make('-i', path, ...options, '-f', 'framecrc', 'packets.txt');
    const text = (await this.read('packets.txt')).toString();
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return lines.map((line) => line.split(',').map((field) => field.trim()));
  }

  /** Decodes the whole file and counts its pictures. */
  async countFrames(path: string): Promise<number> {
    return (await this.packets(path, '-map', '0:v', '-fps_mode', 'passthrough')).length;
  }

  /** Width and height of the first video stream. */
  async size(path: string): Promise<string | undefined> {
    const { log } = await this.run(['-i', path, '-f', 'null', '-frames:v', '1', '-']);
    return /Video:.* (\d+x\d+)/.exec(log.find((line) => line.includes('Video:')) ?? '')?.[1];
  }

  /** Whether there is an instance that can run commands. */
  isLoaded(): Promise<boolean> {
    return this.page.evaluate(() => (window as { ffmpeg?: FFmpegDNN }).ffmpeg?.loaded === true);
  }

  /** Deletes all files and folders, and forgets the last command. */
  async empty(): Promise<void> {
    await this.page.evaluate(async (stockFolders) => {
      const clear = async (folder: string): Promise<void> => {
        for (const { name, isDir } of await window.ffmpeg.listDir(folder)) {
          const path = `${folder}/${name}`;
          if (name === '.' || name === '..') continue;
          if (!isDir) await window.ffmpeg.deleteFile(path);
          else await clear(path);
          if (isDir && !stockFolders.includes(path)) await window.ffmpeg.deleteDir(path);
        }
      };
      await clear('');
      window.lines = [];
      delete (window as { abort?: AbortController }).abort;
    }, stockFolders);
  }

  /** Every worker of the page, nested ones too. */
  get workers(): number {
    return this.page.workers().length;
  }

  /** Those that run networks, of both backends. */
  get inferenceWorkers(): Worker[] {
    return this.page.workers().filter((worker) => /(inference|tensorflow)\.worker/.test(worker.url()));
  }

  /** The leak check: counts frames, tensors, workers and shared memories that are left after a spec. */
  async expectNothingHeld(): Promise<void> {
    if (!(await this.isLoaded())) return;
    const nothing = { jobs: 0, frames: 0, tensors: 0, workers: 0 };
    const resources = () => this.page.evaluate(() => window.ffmpeg.resources());
    await expect.poll(resources, { message: 'left behind' }).toMatchObject(nothing);
    // Idle cores keep the last job's closures, so that its pipes are given back with the next job.
    await expect.poll(() => this.sharedBuffers(), { message: 'shared memories' }).toBeLessThanOrEqual(16);
    expect((await resources()).cores).toBeLessThanOrEqual(2);
  }

  /** Shared memories of this instance that a garbage collection leaves. */
  async sharedBuffers(): Promise<number> {
    const pipeline = newestWorker(this.page, 'pipeline.worker');
    await pipeline?.evaluate(async () => {
      type Collect = (options: { type: 'major'; execution: 'async' }) => Promise<void>;
      const { gc } = globalThis as { gc?: Collect };
      await gc?.({ type: 'major', execution: 'async' });
    });
    return (await this.page.evaluate(() => window.ffmpeg.resources())).sharedBuffers;
  }

  /** Waits until no more workers live than an idle instance keeps: its own and two cores. */
  async expectIdle(): Promise<void> {
    await expect.poll(() => aliveWorkers(this.page), { message: 'workers left' }).toBeLessThanOrEqual(3);
  }
}
