/**
 * The page behind the command line: runs one job with files that the browser opens from disk and
 * outputs that go back over HTTP.
 */
import { DnnError, FFmpegDNN, LiveVideo, type JobStats } from '../index.ts';
import type { HeadlessJob, HeadlessResult } from './headless-job.ts';

const ffmpeg = new FFmpegDNN();
let stops = 0;
/** Aborted by the first stop: what loads then is not waited for. */
const loading = new AbortController();

async function run(job: HeadlessJob): Promise<HeadlessResult> {
  const input = document.querySelector<HTMLInputElement>('#files');
  const files = Array.from(input?.files ?? []);
  let lastLine = Promise.resolve();
  ffmpeg.on('log', (event) => {
    lastLine = window.onHeadlessLog(event);
  });
  let stats: JobStats | undefined;
  try {
    await ffmpeg.load({}, { signal: loading.signal });
    const blobs = job.inputs.map((name, index) => {
      const data = files[index];
      if (data === undefined) throw new DnnError('EIO', `The browser was not given the file ${name}.`);
      return { name, data };
    });
    await ffmpeg.mount('WORKERFS', { blobs }, '/');
    for (const folder of job.folders) await ffmpeg.mount('WORKERFS', {}, folder);
    const running = ffmpeg.exec(job.args, {
      cwd: job.cwd,
      defaultOutput: { url: job.outputUrl },
      onProgress: (progress) => void window.onHeadlessProgress(progress),
      onStats: (value) => {
        stats = value;
      },
    });
    // A stop that came before the job ran counts for it.
    for (let count = 0; count < stops; count++) await ffmpeg.stop();
    return { exitCode: await running, stats };
  } catch (error) {
    if (loading.signal.aborted && error === loading.signal.reason) return { exitCode: 255, stats };
    const message = error instanceof Error ? error.message : String(error);
    return { exitCode: 1, message, code: error instanceof DnnError ? error.code : undefined, stats };
  } finally {
    // What goes to standard output is a result: the command line has all of it before the job counts as done.
    await lastLine;
    ffmpeg.terminate();
  }
}

window.FFmpegDNN = FFmpegDNN;
window.LiveVideo = LiveVideo;
window.runHeadlessJob = run;
window.stopHeadlessJob = async () => {
  stops += 1;
  loading.abort();
  if (ffmpeg.loaded) await ffmpeg.stop();
};
