/** The methods of `@ffmpeg/ffmpeg`'s FFmpeg, and what this library adds to `exec`. */
import { FFmpegPage } from './ffmpeg-page.ts';
import { dnn, doubleModel } from './models.ts';
import { expect, test } from './page-test.ts';

const double = `format=rgb24,${dnn('double.pb')}`;

test('files and folders', async ({ ffmpeg }) => {
  const seen = await ffmpeg.page.evaluate(async () => {
    const f = window.ffmpeg;
    const names = async (path: string): Promise<string[]> => (await f.listDir(path)).map(({ name }) => name);
    const failure = (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        () => 'resolved',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
    await f.createDir('/films');
    await f.writeFile('/films/a.txt', 'grüße');
    await f.writeFile('/films/b.bin', new Uint8Array([1, 2, 3]));
    const own = new Uint8Array([9]);
    await f.writeFile('/films/own.bin', own);
    await f.rename('/films/b.bin', '/films/c.bin');
    const listed = await names('/films');
    const text = await f.readFile('/films/a.txt', 'utf8');
    const bytes = [...((await f.readFile('films/c.bin')) as Uint8Array)];
    const full = await failure(f.deleteDir('/films'));
    const notMounted = await failure(f.unmount('/films'));
    const kept = await names('/films');
    for (const name of ['a.txt', 'c.bin', 'own.bin']) await f.deleteFile(`/films/${name}`);
    await f.deleteDir('/films');
    await f.mount(
      'WORKERFS',
      { files: [new File(['hello'], 'hello.txt')], blobs: [{ name: 'b', data: new Blob(['!']) }] },
      '/mnt',
    );
    const mounted = [...(await names('/mnt')), await f.readFile('/mnt/hello.txt', 'utf8')];
    await f.unmount('/mnt');
    return {
      listed,
      text,
      bytes,
      full,
      notMounted,
      kept,
      mounted,
      keeps: own.length,
      gone: await failure(f.readFile('/films/a.txt')),
      unmounted: await failure(f.readFile('/mnt/hello.txt')),
      again: await f.load(),
    };
  });
  expect(seen).toMatchObject({
    listed: ['.', '..', 'a.txt', 'c.bin', 'own.bin'],
    text: 'grüße',
    bytes: [1, 2, 3],
    kept: ['.', '..', 'a.txt', 'c.bin', 'own.bin'],
    mounted: ['.', '..', 'b', 'hello.txt', 'hello'],
    keeps: 1,
    again: false,
  });
  expect(seen.full).toContain('not empty');
  expect(seen.notMounted).toContain('Cannot unmount /films: nothing is mounted there.');
  expect(seen.gone).toContain('/films/a.txt');
  expect(seen.unmounted).toContain('/mnt/hello.txt');
});

test('log and progress events, callbacks, figures, ffprobe', { tag: '@dev' }, async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  await ffmpeg.clip('in.mkv', 10, '-c:v', 'ffv1');
  const seen = await ffmpeg.page.evaluate(async (chain) => {
    const f = window.ffmpeg;
    const events: number[] = [];
    const muted: number[] = [];
    const frames: number[] = [];
    const progress = ({ progress: share }: { progress: number }): void => void events.push(share);
    const never = (): void => void muted.push(1);
    f.on('progress', progress);
    f.on('log', never);
    f.off('log', never);
    let stats: unknown;
    const exitCode = await f.exec(
      ['-i', 'in.mkv', '-vf', chain, '-c:v', 'ffv1', '-dnn_stats', 'stats.json', 'out.mkv'],
      {
        onProgress: ({ frame }) => void frames.push(frame),
        onStats: (value) => void (stats = value),
      },
    );
    f.off('progress', progress);
    const file = JSON.parse((await f.readFile('stats.json', 'utf8')) as string) as unknown;
    window.lines = [];
    const probed = await f.ffprobe([
      '-v',
      'error',
      '-show_entries',
      'stream=width,height',
      '-of',
      'csv=p=0',
      'out.mkv',
    ]);
    return { exitCode, events, muted, frames, stats, file, probed, lines: window.lines };
  }, double);
  expect(seen).toMatchObject({ exitCode: 0, probed: 0, muted: [] });
  expect(seen.events.at(-1)).toBe(1);
  expect(seen.frames.at(-1)).toBe(10);
  expect(seen.lines).toContain('128,96');
  expect(seen.stats).toMatchObject({
    frames_in: 10,
    frames_out: 10,
    stages: [{ kind: 'ffmpeg' }, { kind: 'dnn', frames: 10, backend: 'native' }, { kind: 'ffmpeg' }],
  });
  expect(seen.file).toEqual(seen.stats);
});

test('a File goes in without a copy; a file handle and streams take the output', async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  await ffmpeg.clip('in.mkv', 5, '-c:v', 'ffv1');
  await ffmpeg.make('-i', 'in.mkv', '-vf', double, '-c:v', 'rawvideo', '-f', 'nut', 'expected.nut');
  const seen = await ffmpeg.page.evaluate(async (chain) => {
    const f = window.ffmpeg;
    const collect = (): {
      stream: WritableStream<Uint8Array>;
      chunks: Uint8Array[];
      closed: () => boolean;
    } => {
      const chunks: Uint8Array[] = [];
      let closed = false;
      const stream = new WritableStream<Uint8Array>({
        write: (chunk) => void chunks.push(chunk),
        close: () => void (closed = true),
      });
      return { stream, chunks, closed: () => closed };
    };
    const same = async (blob: Blob, path: string): Promise<boolean> => {
      const [a, b] = [new Uint8Array(await blob.arrayBuffer()), (await f.readFile(path)) as Uint8Array];
      return a.length === b.length && a.every((value, index) => value === b[index]);
    };
    await f.writeFile('file.mkv', new File([await f.readBlob('in.mkv')], 'film.mkv'));
    const args = ['-i', 'file.mkv', '-vf', chain, '-c:v', 'rawvideo', '-f', 'nut'];
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle('out.nut', { create: true });
    const file = collect();
    const stdout = collect();
    const codes = [
      await f.exec([...args, 'out.nut'], { outputs: { 'out.nut': handle } }),
      await f.exec([...args, 'streamed.nut'], { outputs: { 'streamed.nut': file.stream } }),
      await f.exec([...args, '-'], { outputs: { '-': stdout.stream } }),
    ];
    return {
      codes,
      handle: await same(await handle.getFile(), 'expected.nut'),
      file: await same(new Blob(file.chunks as Uint8Array<ArrayBuffer>[]), 'expected.nut'),
      // Standard output cannot seek back, so only its size in frames is told here.
      stdout: new Blob(stdout.chunks as Uint8Array<ArrayBuffer>[]).size > 5 * 128 * 96 * 3,
      closed: [file.closed(), stdout.closed()],
    };
  }, double);
  expect(seen).toEqual({ codes: [0, 0, 0], handle: true, file: true, stdout: true, closed: [true, true] });
  await ffmpeg.expectIdle();
});

test('a playlist that is written anew with each segment comes to its file handle', async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  await ffmpeg.clip('in.mkv', 50, '-c:v', 'ffv1');
  const seen = await ffmpeg.page.evaluate(async (chain) => {
    const f = window.ffmpeg;
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle('list.m3u8', { create: true });
    const encoder = ['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10'];
    const muxer = ['-f', 'hls', '-hls_time', '0.4', '-hls_list_size', '2', '-hls_flags', 'delete_segments'];
    const args = ['-i', 'in.mkv', '-vf', chain, ...encoder, ...muxer];
    const codes = [
      await f.exec([...args, 'list.m3u8'], { outputs: { 'list.m3u8': handle } }),
      await f.exec([...args, 'kept.m3u8']),
    ];
    const stored = (await f.listDir('/')).map(({ name }) => name).filter((name) => /m3u8|ts$/.test(name));
    return { codes, given: await (await handle.getFile()).text(), stored };
  }, double);
  expect(seen.codes).toEqual([0, 0]);
  expect(seen.given.split('\n').filter((line) => line.endsWith('.ts'))).toEqual(['list3.ts', 'list4.ts']);
  expect(seen.given).toContain('#EXT-X-ENDLIST');
  expect(seen.stored.sort()).toEqual(
    // One more than listed, as ffmpeg leaves them.
    ['kept.m3u8', ...[2, 3, 4].flatMap((n) => [`kept${n}.ts`, `list${n}.ts`])].sort(),
  );
  expect(await ffmpeg.countFrames('kept.m3u8')).toBe(20);
});

test('the core is fetched once, however many of them work', async ({ page }) => {
  const fetched: string[] = [];
  page.on('response', (response) => {
    const isWasm = response.headers()['content-type'] === 'application/wasm';
    if (isWasm && response.url().includes('ffmpeg-core')) fetched.push(response.url());
  });
  const ffmpeg = new FFmpegPage(page);
  await ffmpeg.open();
  await ffmpeg.write('double.pb', doubleModel(3));
  await ffmpeg.clip('in.mkv', 2);
  let cores = 0;
  page.on('worker', (worker) => {
    if (/core\.worker/.test(worker.url())) cores += 1;
  });
  const graph = `[0:v]split[a][b];[a]${double}[c];[b]hflip,${double}[d];[c][d]hstack[e]`;
  await ffmpeg.make('-i', 'in.mkv', '-filter_complex', graph, '-map', '[e]', 'out.mkv');
  expect(cores).toBeGreaterThan(0);
  expect(fetched).toHaveLength(1);
  await ffmpeg.expectNothingHeld();
});

test('a Blob of an output outlives the file of its name, the instance, and the next one', async ({
  ffmpeg,
}) => {
  await ffmpeg.clip('out.mkv', 2);
  const isSame = await ffmpeg.page.evaluate(async () => {
    const first = await window.ffmpeg.readBlob('out.mkv');
    const before = await first.text();
    const again = ['-f', 'lavfi', '-i', 'color=red:size=16x16', '-frames:v', '1', 'out.mkv'];
    const exitCode = await window.ffmpeg.exec(again);
    const second = await window.ffmpeg.readBlob('out.mkv');
    const replaced = await second.text();
    window.ffmpeg.terminate();
    // Sweeps what no worker holds any more.
    await window.ffmpeg.load();
    const blobs = [await first.text(), await second.text()];
    return exitCode === 0 && before !== replaced && blobs[0] === before && blobs[1] === replaced;
  });
  expect(isSame).toBe(true);
});

test('-n writes a new file and leaves one that exists alone', async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  await ffmpeg.clip('in.mkv', 2);
  for (const filter of ['hflip', double]) {
    const args = ['-n', '-i', 'in.mkv', '-vf', filter, '-c:v', 'ffv1', 'new.mkv'];
    expect(await ffmpeg.run(args)).toMatchObject({ exitCode: 0 });
    const written = await ffmpeg.read('new.mkv');
    const again = await ffmpeg.run(args);
    expect(again).toMatchObject({ exitCode: 1, log: ["File 'new.mkv' already exists. Exiting."] });
    expect((await ffmpeg.read('new.mkv')).equals(written)).toBe(true);
    await ffmpeg.page.evaluate(() => window.ffmpeg.deleteFile('new.mkv'));
  }
});

test('a log level holds for one command', async ({ ffmpeg }) => {
  const job = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48', '-frames:v', '2', '-f', 'null', '-'];
  expect(await ffmpeg.make('-v', 'error', ...job)).toEqual([]);
  expect((await ffmpeg.make(...job)).join('\n')).toContain('Output #0, null');
});

test('one job at a time, and nothing before load()', async ({ ffmpeg }) => {
  const messages = await ffmpeg.page.evaluate(async () => {
    const first = window.ffmpeg.exec(['-f', 'lavfi', '-i', 'testsrc2', '-frames:v', '5', '-f', 'null', '-']);
    const failure = (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        () => 'resolved',
        (error: unknown) => String(error),
      );
    const second = await failure(window.ffmpeg.exec(['-version']));
    const unloaded = await failure(new window.FFmpegDNN().exec(['-version']));
    return { first: await first, second, unloaded };
  });
  expect(messages.first).toBe(0);
  expect(messages.second).toContain('while another exec() or trial() runs');
  expect(messages.unloaded).toContain('load()');
});
