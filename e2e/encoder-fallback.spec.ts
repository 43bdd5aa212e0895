/** `<ffmpeg-dnn>` in a browser whose encoders are missing: another one takes its place, and it says so. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StaticServer } from '../bench/static-server.mjs';
import type { FFmpegDNNElement } from '../src/element/define.ts';
import { expect, test } from './page-test.ts';

const lib = fileURLToPath(new URL('../dist/lib', import.meta.url));

const files = {
  'index.html': `<!doctype html><html lang="en"><head><meta charset="utf-8" /><title>Without encoders</title>
    <link rel="icon" href="icon.svg" /><script type="module" src="ffmpeg-dnn/element.js"></script></head>
    <body><ffmpeg-dnn controls muted></ffmpeg-dnn></body></html>`,
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg" />',
  'no-encoder.js': 'delete self.VideoEncoder;',
  'codec.worker.js': "import './no-encoder.js';\nimport './ffmpeg-dnn/codec.worker.js';",
};

let folder: string;
let server: StaticServer;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ffmpeg-dnn-encoders-'));
  symlinkSync(lib, join(folder, 'ffmpeg-dnn'), 'junction');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  server = await StaticServer.start([folder]);
});

test.afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

for (const [format, video, sentence] of [
  ['mp4', 'h264', "H.264 encoder does not work here: ffmpeg's x264 takes its place, which takes longer."],
  [
    'webm',
    'vp8',
    "VP9 encoder does not work here: ffmpeg's VP8 encoder takes its place, which takes longer.",
  ],
] as const) {
  test(`${format} by ffmpeg's own encoder, in one sentence`, async ({ page }) => {
    await page.goto(`${server.origin}/index.html`);
    const made = await page.locator('ffmpeg-dnn').evaluate(async (own: FFmpegDNNElement, wanted) => {
      const address = '/ffmpeg-dnn/index.js';
      const { FFmpegDNN } = (await import(address)) as {
        FFmpegDNN: new () => NonNullable<typeof own.ffmpeg>;
      };
      const ffmpeg = (own.ffmpeg = new FFmpegDNN());
      await ffmpeg.load({ codecWorkerURL: '/codec.worker.js' });
      const lines: string[] = [];
      ffmpeg.on('log', ({ message }) => lines.push(message));
      const source = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=8:duration=1'];
      await ffmpeg.exec([...source, '-c:v', 'ffv1', '/in.mkv']);
      const told: string[] = [];
      own.addEventListener('notice', ({ detail }) => told.push(detail.message, detail.reason!));
      own.format = wanted;
      own.srcObject = new File([await ffmpeg.readBlob('/in.mkv')], 'in.mkv');
      await ffmpeg.writeFile('/result', (await own.process())!);
      lines.length = 0;
      await ffmpeg.exec(['-i', '/result', '-f', 'null', '-']);
      return { told, filename: own.filename, log: lines.join('\n') };
    }, format);
    expect(made.told).toEqual([`The browser's ${sentence}`, expect.stringMatching(/encode/)]);
    await expect(page.getByRole('note')).toHaveText(made.told[0]!);
    expect(made.filename).toBe(`enhanced.${format}`);
    expect(made.log).toMatch(new RegExp(`Video: ${video}.*yuv420p[\\s\\S]*frame= *8 `));
  });
}
