/** A picture of nobody: a face drawn on a canvas, good enough for networks that look for faces. */
import type { Page } from 'playwright/test';

/** Draws it as a PNG of 320x240 into the file store of the page's library. */
export async function drawFace(page: Page, path: string): Promise<void> {
  await page.evaluate(async (name) => {
    const canvas = new OffscreenCanvas(320, 240);
    const pen = canvas.getContext('2d')!;
    const ellipse = (x: number, y: number, a: number, b: number, fill: string | CanvasGradient): void => {
      pen.beginPath();
      pen.ellipse(x, y, a, b, 0, 0, 2 * Math.PI);
      pen.fillStyle = fill;
      pen.fill();
    };
    const curve = (colour: string, width: number, points: readonly number[]): void => {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.beginPath();
      pen.moveTo(points[0]!, points[1]!);
      for (let at = 2; at < points.length; at += 4) {
        pen.quadraticCurveTo(points[at]!, points[at + 1]!, points[at + 2]!, points[at + 3]!);
      }
      pen.stroke();
    };
    pen.fillStyle = '#7090a0';
    pen.fillRect(0, 0, 320, 240);
    pen.fillStyle = '#c89878';
    pen.fillRect(138, 165, 44, 50);
    ellipse(160, 260, 95, 60, '#304060');
    ellipse(160, 98, 66, 76, '#2a1c14');
    const skin = pen.createRadialGradient(150, 100, 10, 160, 110, 80);
    skin.addColorStop(0, '#f0cdb0');
    skin.addColorStop(1, '#b98863');
    ellipse(160, 118, 52, 68, skin);
    for (const x of [138, 182]) {
      ellipse(x, 92, 13, 3.2, '#3a2a1c');
      ellipse(x, 105, 10, 5.5, '#f6f2ee');
      ellipse(x, 105, 5, 5, '#4a3420');
      ellipse(x, 105, 2.3, 2.3, '#000000');
      pen.fillStyle = '#5a3a28';
      pen.fillRect(x - 10, 99, 20, 1.6);
    }
    curve('#a07050', 2.4, [156, 106, 150, 128, 152, 132, 160, 138, 168, 132]);
    for (const x of [155, 165]) ellipse(x, 133, 2.5, 1.6, '#6a4030');
    ellipse(160, 153, 19, 6, '#a04848');
    curve('#602020', 1.6, [141, 152, 160, 157, 179, 152]);
    await window.ffmpeg.writeFile(name, await canvas.convertToBlob());
  }, path);
}
