/** The shape in which `<ffmpeg-dnn>` shows live video whose pixels are not square. */
import type { FFmpegDNNElement } from '../src/element/define.ts';
import { aliveWorkers } from './alive-workers.ts';
import { ssdModel } from './detection-models.ts';
import { dnn, doubleModel } from './models.ts';
import { expect, test } from './page-test.ts';

test('live video has the shape of <video>, and boxes lie where they are seen', async ({ ffmpeg, page }) => {
  const wide = ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:d=0.4:r=10', '-vf', 'setsar=4/3'];
  await ffmpeg.make(...wide, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', 'wide.mp4');
  const clip = await ffmpeg.read('wide.mp4');
  await page.goto('/e2e/element.html');
  const detect = 'dnn_detect=model=ssd.pb:input=x:output=detection_out';
  const contents = [clip, doubleModel(3), ssdModel([[1, 0.9, 0.25, 0.25, 0.75, 0.75]])];
  const shape = await page.locator('ffmpeg-dnn').evaluate(
    async (own: FFmpegDNNElement, [filter, ...files]) => {
      const [file, double, ssd] = files.map((base64) =>
        Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)),
      );
      own.files = { 'double.pb': new Blob([double!]), 'ssd.pb': new Blob([ssd!]) };
      own.srcObject = new File([file!], 'wide.mp4', { type: 'video/mp4' });
      own.filter = filter;
      own.style.width = '400px';
      own.mode = 'live';
      own.overlay = true;
      const part = (name: string): HTMLCanvasElement | null =>
        own.shadowRoot!.querySelector(`[part=${name}]`);
      const found = new Promise<number[]>((resolve) => {
        own.addEventListener('detections', ({ detail: { width, height } }) => {
          if (part('canvas')?.width === 426) resolve([width, height]);
        });
      });
      void own.process();
      const detected = await found;
      const boxOf = (name: string): number[] => {
        const canvas = part(name)!;
        const { width, height } = canvas.getBoundingClientRect();
        return [width, height, canvas.width / canvas.height];
      };
      return { detected, canvas: boxOf('canvas'), overlay: boxOf('overlay') };
    },
    [
      `${detect},${dnn('double.pb')}`,
      ...contents.map((data) => Buffer.from(data).toString('base64')),
    ] as const,
  );
  expect(shape.detected).toEqual([160, 120]);
  expect(shape.canvas[0]).toBeCloseTo(400, 0);
  expect(shape.canvas[1]).toBeCloseTo(225.4, 0);
  expect(shape.canvas[2]).toBeCloseTo(426 / 240, 2);
  expect(shape.overlay.slice(0, 2)).toEqual(shape.canvas.slice(0, 2));
  expect(shape.overlay[2]).toBeCloseTo(426 / 240, 2);
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect.poll(() => aliveWorkers(page)).toBe(0);
});
