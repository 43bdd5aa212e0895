/** The demo page: one video in, one enhanced video out, with everything a user of a long job expects. */
import { DnnError, FFmpegDNN, type JobStats } from '../index.ts';
import { CompareView } from './compare-view.ts';
import { element } from './element.ts';
import { defaultOutputOptions, presets } from './presets.ts';
import { progressText } from '../element/progress-text.ts';
import { splitWords } from '../element/split-words.ts';

const page = {
  obstacle: element('obstacle', HTMLElement),
  form: element('job', HTMLFormElement),
  drop: element('drop', HTMLElement),
  file: element('file', HTMLInputElement),
  fileName: element('file-name', HTMLElement),
  sample: element('sample', HTMLButtonElement),
  preset: element('preset', HTMLSelectElement),
  filter: element('filter', HTMLInputElement),
  model: element('model', HTMLInputElement),
  encode: element('encode', HTMLInputElement),
  enhance: element('enhance', HTMLButtonElement),
  cancel: element('cancel', HTMLButtonElement),
  bar: element('bar', HTMLProgressElement),
  status: element('status', HTMLElement),
  failure: element('failure', HTMLElement),
  result: element('result', HTMLElement),
  download: element('download', HTMLAnchorElement),
  figures: element('figures', HTMLElement),
  log: element('log', HTMLElement),
};

/** Lines of ffmpeg's log that stay on the page. */
const logLimit = 500;
const outputPath = '/enhanced.mp4';

const ffmpeg = new FFmpegDNN();
const compare = new CompareView();
const logLines: string[] = [];
let input: File | undefined;
let downloadUrl: string | undefined;
let abort: AbortController | undefined;

ffmpeg.on('log', ({ message }) => {
  logLines.push(message);
  if (logLines.length > logLimit) logLines.shift();
});

/** The log is written to the page at most once a frame, however fast ffmpeg talks. */
function showLog(): void {
  const text = logLines.join('\n');
  if (page.log.textContent !== text) {
    page.log.textContent = text;
    page.log.scrollTop = page.log.scrollHeight;
  }
}

function choose(file: File | undefined): void {
  if (file === undefined) return;
  input = file;
  page.fileName.textContent = `${file.name} (${(file.size / 2 ** 20).toFixed(1)} MiB)`;
}

/** Runs one job with the page set to "busy"; what it throws is shown. */
async function busy(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = (abort = new AbortController());
  const controls = [page.enhance, page.sample, page.file, page.preset, page.filter, page.model, page.encode];
  for (const control of controls) control.disabled = true;
  page.cancel.disabled = false;
  page.failure.hidden = true;
  const timer = setInterval(showLog, 250);
  try {
    await ffmpeg.load();
    await work(controller.signal);
  } catch (error) {
    if (controller.signal.aborted) {
      page.status.textContent = 'Cancelled.';
    } else {
      page.status.textContent = 'Failed.';
      page.failure.textContent = error instanceof Error ? error.message : String(error);
      page.failure.hidden = false;
    }
    page.bar.value = 0;
  } finally {
    clearInterval(timer);
    showLog();
    abort = undefined;
    for (const control of controls) control.disabled = false;
    page.cancel.disabled = true;
  }
}

async function makeSample(signal: AbortSignal): Promise<void> {
  page.status.textContent = 'Making a sample …';
  const exitCode = await ffmpeg.exec(
    [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=24:duration=4'],
      ...['-f', 'lavfi', '-i', 'sine=frequency=330:duration=4'],
      ...[
        '-c:v',
        'libx264',
        '-preset',
        'veryfast',
        '-crf',
        '20',
        '-pix_fmt',
        'yuv420p',
        '-c:a',
        'aac',
        '/sample.mp4',
      ],
    ],
    { signal },
  );
  if (exitCode !== 0)
    throw new DnnError('EIO', `The sample could not be made: ffmpeg ended with ${exitCode}.`);
  const blob = await ffmpeg.readBlob('/sample.mp4');
  choose(new File([blob], 'sample.mp4', { type: 'video/mp4' }));
  page.status.textContent = 'Ready.';
}

/** Puts the preset's model and the user's own ones where the filter string finds them: by their file names. */
async function provideModels(signal: AbortSignal): Promise<void> {
  const preset = presets.find(({ id }) => id === page.preset.value);
  if (preset?.model !== undefined && page.filter.value.includes(preset.model)) {
    const response = await fetch(new URL(`models/${preset.model}`, document.baseURI), { signal });
    if (!response.ok)
      throw new DnnError('ENOENT', `${response.url}: ${response.status} ${response.statusText}`);
    await ffmpeg.writeFile(`/${preset.model}`, await response.blob());
  }
  for (const file of page.model.files ?? []) await ffmpeg.writeFile(`/${file.name}`, file);
}

async function enhance(signal: AbortSignal): Promise<void> {
  if (input === undefined) await makeSample(signal);
  const source = input!;
  const inputPath = `/input-${source.name}`;
  page.status.textContent = 'Loading …';
  page.bar.removeAttribute('value');
  await provideModels(signal);
  await ffmpeg.writeFile(inputPath, source);
  let stats: JobStats | undefined;
  const exitCode = await ffmpeg.exec(
    ['-i', inputPath, '-vf', page.filter.value, ...splitWords(page.encode.value), outputPath],
    {
      signal,
      onProgress: (progress) => {
        if (progress.progress === undefined) page.bar.removeAttribute('value');
        else page.bar.value = progress.progress;
        page.status.textContent = progressText(progress);
      },
      onStats: (value) => {
        stats = value;
      },
    },
  );
  if (exitCode !== 0) {
    const lines = logLines.slice(-6).join('\n');
    throw new DnnError('EIO', `ffmpeg ended with ${exitCode}. Its last words:\n${lines}`);
  }
  showResult(source, await ffmpeg.readBlob(outputPath), stats);
}

function showResult(before: File, blob: Blob, stats: JobStats | undefined): void {
  const after = new Blob([blob], { type: 'video/mp4' });
  compare.show(before, after);
  if (downloadUrl !== undefined) URL.revokeObjectURL(downloadUrl);
  downloadUrl = URL.createObjectURL(after);
  page.download.href = downloadUrl;
  page.download.download = `${before.name.replace(/\.[^.]*$/, '')}-enhanced.mp4`;
  page.result.hidden = false;
  page.bar.value = 1;
  page.status.textContent = 'Done.';
  if (stats === undefined) return;
  const dnn = stats.stages.find(({ kind }) => kind === 'dnn');
  const perFrame = dnn?.ms_per_frame === undefined ? '' : `, ${dnn.ms_per_frame} ms of inference a frame`;
  page.figures.textContent =
    `${stats.frames_out} frames in ${stats.seconds.toFixed(1)} s${perFrame}, ` +
    `${((after.size / before.size) * 100).toFixed(0)} % of the input's bytes. ` +
    `The page's thread was never blocked for more than ${stats.page.longest_task_ms.toFixed(0)} ms.`;
}

function wire(): void {
  page.preset.replaceChildren(...presets.map(({ id, title }) => new Option(title, id)));
  const applyPreset = (): void => {
    page.filter.value = presets.find(({ id }) => id === page.preset.value)?.filter ?? '';
  };
  page.preset.addEventListener('change', applyPreset);
  applyPreset();
  page.encode.value = defaultOutputOptions;
  page.file.addEventListener('change', () => {
    choose(page.file.files?.[0]);
  });
  for (const event of ['dragover', 'dragleave', 'drop'] as const) {
    page.drop.addEventListener(event, (drag) => {
      drag.preventDefault();
      page.drop.classList.toggle('over', event === 'dragover');
      if (event === 'drop') choose(drag.dataTransfer?.files[0]);
    });
  }
  page.sample.addEventListener('click', () => void busy(makeSample));
  page.form.addEventListener('submit', (event) => {
    event.preventDefault();
    void busy(enhance);
  });
  page.cancel.addEventListener('click', () => {
    page.status.textContent = 'Cancelling …';
    abort?.abort();
  });
  if (!globalThis.crossOriginIsolated) {
    page.obstacle.textContent =
      'This page is not cross-origin isolated, so DNN filters cannot run on whole files. Serve it with the headers ' +
      '"Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp", over https or from localhost.';
    page.obstacle.hidden = false;
  }
}

wire();
