/** The demo page: videos, pictures or the camera in, enhanced ones out, by way of `<ffmpeg-dnn>`. */
import { errorMessage } from '../base/errors.ts';
import { FFmpegDNNElement } from '../element/define.ts';
import { estimateText } from '../element/progress-text.ts';
import { FFmpegDNN, type JobStats } from '../index.ts';
import { registerOffline } from '../service-worker/register-offline.ts';
import { Camera } from './camera.ts';
import { chosenFiles, droppedFiles, isModelFile, type ChosenFile } from './dropped-files.ts';
import { element } from './element.ts';
import { FilterField } from './filter-field.ts';
import { FoundList } from './found-list.ts';
import { LogView } from './log-view.ts';
import { OwnModels } from './own-models.ts';
import { filterOf, modelsOf, presets, type Preset } from './presets.ts';
import { QueueView } from './queue-view.ts';
import { ResultFolder } from './result-folder.ts';
import { makeSample } from './sample.ts';
import { StageTimelineView } from './stage-timeline.ts';
import { VideoQueue, type QueuedVideo } from './video-queue.ts';

const page = {
  obstacle: element('obstacle', HTMLElement),
  form: element('job', HTMLFormElement),
  drop: element('drop', HTMLElement),
  file: element('file', HTMLInputElement),
  sample: element('sample', HTMLButtonElement),
  camera: element('camera', HTMLButtonElement),
  folder: element('folder', HTMLButtonElement),
  preset: element('preset', HTMLSelectElement),
  filter: element('filter', HTMLInputElement),
  model: element('model', HTMLInputElement),
  format: element('format', HTMLSelectElement),
  quality: element('quality', HTMLSelectElement),
  encode: element('encode', HTMLInputElement),
  enhance: element('enhance', HTMLButtonElement),
  estimate: element('estimate', HTMLButtonElement),
  words: element('estimate-words', HTMLOutputElement),
  player: element('player', FFmpegDNNElement),
  figures: element('figures', HTMLElement),
  stages: element('stages', HTMLElement),
};

const { player } = page;
const log = new LogView();
const found = new FoundList();
const timeline = StageTimelineView.isSupported
  ? new StageTimelineView(element('timeline', HTMLCanvasElement))
  : undefined;
const folder = new ResultFolder();
const models = new OwnModels(() => {
  if (preset().filter !== filterOf(preset(), 'x')) applyPreset();
});
const filter = new FilterField(() => [...models.names, ...preset().models]);
const queueView = new QueueView((file) => {
  queue.remove(file);
});
const queue = new VideoQueue(() => {
  queueView.show(queue.videos);
  page.enhance.textContent = enhanceText();
});
const camera = new Camera(onCamera, showError);

/** Whether the camera's video goes through the filter. */
let isLive = false;

function enhanceText(): string {
  if (camera.stream !== undefined) return 'Start';
  const { waiting } = queue;
  return waiting > 1 ? `Enhance ${waiting} videos` : 'Enhance';
}

function preset(): Preset {
  return presets.find(({ id }) => id === page.preset.value) ?? presets[0]!;
}

function applyPreset(): void {
  filter.value = filterOf(preset(), models.latest);
}

/** The element shows what its own jobs throw; this is for everything around them. */
function showError(error: unknown): void {
  page.obstacle.textContent = errorMessage(error);
  page.obstacle.hidden = false;
}

function onCamera(stream: MediaStream | undefined): void {
  page.obstacle.hidden = true;
  player.srcObject = stream ?? null;
  page.estimate.disabled = page.file.disabled = page.sample.disabled = stream !== undefined;
  page.enhance.textContent = enhanceText();
}

function take(files: readonly ChosenFile[]): void {
  page.obstacle.hidden = true;
  models.add(files.filter(({ path }) => isModelFile(path)));
  const videos = files.filter(({ path }) => !isModelFile(path)).map(({ file }) => file);
  if (videos.length === 0) return;
  if (camera.stream !== undefined) camera.stop();
  queue.add(videos);
  if (!isAtWork()) show(queue.next()?.file ?? videos[0]!);
}

function show(file: File): void {
  player.srcObject = file;
}

function isAtWork(): boolean {
  return ['loading', 'running', 'paused'].includes(player.state);
}

/** Runs something with all inputs locked; what the element throws it has shown already. */
async function busy(work: () => Promise<void>): Promise<void> {
  const controls = [
    ...[page.enhance, page.estimate, page.sample, page.file, page.camera, page.folder],
    ...[page.preset, page.filter, page.model, page.format, page.quality, page.encode],
  ];
  for (const control of controls) control.disabled = true;
  page.obstacle.hidden = true;
  page.words.value = '';
  try {
    await work();
  } finally {
    const hasCamera = camera.stream !== undefined;
    for (const control of controls) control.disabled = false;
    page.enhance.disabled = isLive;
    page.estimate.disabled = page.file.disabled = page.sample.disabled = hasCamera;
  }
}

/** Tells the element what the form says. */
function configure(): void {
  const own = modelsOf(preset(), filter.value).map((name) => [name, `models/${name}`]);
  player.files = { ...(Object.fromEntries(own) as Record<string, string>), ...models.files };
  player.filter = filter.value;
  player.fallback = filter.value === preset().filter ? (preset().fallback ?? []).join('|') : '';
  player.setAttribute('format', page.format.value);
  player.setAttribute('quality', page.quality.value);
  if (page.encode.value.trim() === '') player.removeAttribute('output');
  else player.output = page.encode.value;
  // Made once, so that its log is heard from the first line.
  player.ffmpeg ??= withLog(new FFmpegDNN());
}

function withLog(ffmpeg: FFmpegDNN): FFmpegDNN {
  ffmpeg.on('log', ({ message }) => {
    log.add(message);
  });
  return ffmpeg;
}

async function addSample(): Promise<void> {
  page.words.value = 'Making a sample …';
  try {
    configure();
    await player.ffmpeg!.load();
    // It will be enhanced next. What fails here fails, and is shown, there.
    player.prepare().catch(() => undefined);
    const file = await makeSample(player.ffmpeg!);
    take([{ path: file.name, file }]);
  } catch (error) {
    showError(error);
    throw error;
  } finally {
    page.words.value = '';
  }
}

/** One after another; a video that fails is no reason to leave the others. */
async function enhanceAll(): Promise<void> {
  if (queue.isEmpty) await addSample();
  // All done already: the same videos with what the form says now.
  if (queue.waiting === 0) queue.again();
  for (let video = queue.next(); video !== undefined; video = queue.next())
    if (!(await enhanceOne(video))) break;
}

/** @returns false where the user has cancelled. */
async function enhanceOne({ file, resultStem }: QueuedVideo): Promise<boolean> {
  queue.update(file, { state: 'running' });
  found.clear();
  timeline?.clear();
  page.figures.textContent = '';
  page.stages.hidden = !globalThis.crossOriginIsolated || timeline === undefined;
  try {
    const isPicture = file.type.startsWith('image/');
    const name = `${resultStem}.${isPicture ? 'png' : page.format.value}`;
    player.target = await folder.target(name);
    player.filename = name;
    if (isPicture) player.removeAttribute('output');
    if (player.srcObject !== file) show(file);
    const blob = await player.process();
    const isSaved = player.target !== null;
    queue.update(file, {
      state: 'done',
      words: isSaved ? 'saved' : '',
      result: isSaved || blob === null ? undefined : { blob, name },
    });
    showFigures(player.stats, file, player.result);
    return true;
  } catch (error) {
    const isCancelled = error instanceof DOMException && error.name === 'AbortError';
    const [words = ''] = error instanceof Error && !isCancelled ? error.message.split('\n') : [];
    queue.update(file, { state: isCancelled ? 'cancelled' : 'failed', words });
    return !isCancelled;
  } finally {
    timeline?.finish();
    found.finish(file.name);
  }
}

async function enhance(): Promise<void> {
  configure();
  if (camera.stream === undefined) {
    await enhanceAll();
    return;
  }
  found.clear();
  page.stages.hidden = true;
  if (player.srcObject !== camera.stream) player.srcObject = camera.stream;
  isLive = true;
  await player.process();
}

/** Runs the beginning of a video, and says what all of it will take. */
async function estimate(): Promise<void> {
  if (queue.isEmpty) await addSample();
  configure();
  const { file } = queue.next() ?? queue.videos[0]!;
  player.removeAttribute('filename');
  if (file.type.startsWith('image/')) player.removeAttribute('output');
  if (player.srcObject !== file) show(file);
  page.words.value = estimateText(await player.trial());
}

function showFigures(stats: JobStats | null, before: Blob, after: Blob | null): void {
  if (stats === null) return;
  const dnn = stats.stages.find(({ kind }) => kind === 'dnn');
  const perFrame = dnn?.ms_per_frame === undefined ? '' : `, ${dnn.ms_per_frame} ms of inference a frame`;
  const bytes =
    after === null ? '' : `, ${((after.size / before.size) * 100).toFixed(0)} % of the input's bytes`;
  page.figures.textContent =
    `${stats.frames_out} frames in ${stats.seconds.toFixed(1)} s${perFrame}${bytes}. ` +
    `The page's thread was never blocked for more than ${stats.page.longest_task_ms.toFixed(0)} ms.`;
}

function fillPresets(): void {
  const groups = Map.groupBy(presets, ({ group }) => group);
  for (const [label, members] of groups) {
    const group = document.createElement('optgroup');
    group.label = label;
    group.append(...members.map(({ id, title }) => new Option(title, id)));
    page.preset.append(group);
  }
}

function wireForm(): void {
  page.preset.addEventListener('change', applyPreset);
  page.file.addEventListener('change', () => {
    take(chosenFiles(page.file.files ?? []));
    page.file.value = '';
  });
  page.model.addEventListener('change', () => {
    models.add(chosenFiles(page.model.files ?? []));
    page.model.value = '';
  });
  page.sample.addEventListener('click', () => {
    busy(addSample).catch(() => undefined); // it has shown why
  });
  // The element has shown why, or addSample has.
  page.form.addEventListener('submit', (event) => {
    event.preventDefault();
    busy(enhance).catch(() => undefined);
  });
  page.estimate.addEventListener('click', () => {
    busy(estimate).catch(() => undefined);
  });
}

function wireDrop(): void {
  for (const name of ['dragover', 'dragleave', 'drop'] as const) {
    document.addEventListener(name, (event) => {
      event.preventDefault();
      page.drop.classList.toggle('over', name === 'dragover');
      if (name === 'drop' && event.dataTransfer !== null)
        droppedFiles(event.dataTransfer).then(take, showError);
    });
  }
}

function wirePlayer(): void {
  player.addEventListener('timeline', ({ detail }) => {
    timeline?.add(detail);
  });
  player.addEventListener('detections', ({ detail }) => {
    found.add(detail);
  });
  player.addEventListener('statechange', () => {
    // Live video goes on behind process(): the form stays open, but for a second start.
    if (!isLive || isAtWork()) return;
    isLive = page.enhance.disabled = false;
    found.finish('camera');
  });
}

fillPresets();
applyPreset();
wireForm();
wireDrop();
wirePlayer();
if (!globalThis.crossOriginIsolated) {
  page.obstacle.textContent =
    "This page is not cross-origin isolated, so whole files go by the browser's own codecs, without ffmpeg: sound is " +
    'copied, chapters and subtitles are left out. For all of ffmpeg serve it with the headers "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp", over ' +
    'https or from localhost; or load it once more, where its service worker adds them.';
  page.obstacle.hidden = false;
}
// The dev server's files change under its hands.
if (import.meta.env.PROD) void registerOffline();
