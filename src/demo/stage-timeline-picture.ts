/** Draws who worked when in a job: a row for each ffmpeg stage and each inference worker. */
import type { TimelineEvent, TimelineLane } from '../workers/pipeline-api.ts';
import type { TimelineDrawn, TimelineLook, TimelinePalette } from './stage-timeline-messages.ts';
import { recentMs, TimelineHistory } from './timeline-history.ts';
import { timelineRectangles, timelineTicks } from './timeline-rectangles.ts';

/** In CSS pixels. */
const labelHeight = 16;
const barHeight = 14;
const laneHeight = labelHeight + barHeight + 6;
const axisHeight = 20;

/** Opacity of what lies behind bars and letters. */
const faint = 0.2;

type Pen = OffscreenCanvasRenderingContext2D;

export class StageTimelinePicture {
  readonly #canvas: OffscreenCanvas;
  readonly #history = new TimelineHistory();
  #look: TimelineLook | undefined;
  #isWhole = false;

  constructor(canvas: OffscreenCanvas) {
    this.#canvas = canvas;
  }

  look(look: TimelineLook): void {
    this.#look = look;
  }

  add(event: TimelineEvent): void {
    this.#history.add(event);
  }

  finish(): void {
    this.#isWhole = true;
  }

  clear(): void {
    this.#history.clear();
    this.#isWhole = false;
  }

  /** The last ten seconds, or all of a job that is done. */
  draw(): TimelineDrawn {
    const { lanes, latest } = this.#history;
    const from = this.#isWhole ? 0 : Math.max(0, latest - recentMs);
    const window = { from, to: this.#isWhole ? Math.max(latest, 1) : from + recentMs };
    const shown = lanes.map(({ kind, label }, lane) => {
      const share = `${(100 * this.#busyShare(lane, from)).toFixed(0)} %`;
      return { kind, label, share };
    });
    const height = lanes.length * laneHeight + axisHeight;
    // Before it is known how the page looks, and while nobody sees it, there is only the table.
    if (this.#look !== undefined && this.#look.width > 0) {
      const pen = this.#prepare(this.#look, height);
      if (lanes.length > 0) drawAxis(pen, this.#look.palette, window, { width: this.#look.width, height });
      for (const [lane, row] of shown.entries()) this.#drawLane(pen, this.#look, window, { ...row, lane });
    }
    return { height, lanes: shown.map(({ label, share }) => ({ label, share })) };
  }

  #drawLane(
    pen: Pen,
    { width, palette }: TimelineLook,
    window: { readonly from: number; readonly to: number },
    row: Pick<TimelineLane, 'kind' | 'label'> & { readonly share: string; readonly lane: number },
  ): void {
    const top = row.lane * laneHeight;
    drawLabels(pen, palette, row, { top, width });
    const coverage = this.#isWhole ? this.#history.whole(row.lane) : this.#history.recent(row.lane, width);
    pen.globalAlpha = faint;
    pen.fillStyle = palette.grid;
    pen.fillRect(0, top + labelHeight, width, barHeight);
    pen.globalAlpha = 1;
    pen.fillStyle = palette[row.kind];
    for (const bar of timelineRectangles(coverage, window.from, window.to)) {
      const high = bar.height * barHeight;
      // Short work stays visible.
      const wide = Math.max(1, bar.width * width);
      pen.fillRect(bar.x * width, top + labelHeight + barHeight - high, wide, high);
    }
  }

  /** Of the time from there to the last that is known. */
  #busyShare(lane: number, from: number): number {
    const passed = this.#history.latest - from;
    if (passed <= 0) return 0;
    const coverage = this.#isWhole ? this.#history.whole(lane) : this.#history.recent(lane, 1);
    return Math.min(1, coverage.busyMs / passed);
  }

  /** Gives the canvas its size in the screen's pixels. */
  #prepare({ width, density, fontFamily }: TimelineLook, height: number): Pen {
    const [across, down] = [Math.round(width * density), Math.round(height * density)];
    if (this.#canvas.width !== across) this.#canvas.width = across;
    if (this.#canvas.height !== down) this.#canvas.height = down;
    const pen = this.#canvas.getContext('2d');
    if (pen === null) throw new Error('The canvas has another context already.');
    pen.setTransform(density, 0, 0, density, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = `12px ${fontFamily}`;
    pen.textBaseline = 'middle';
    return pen;
  }
}

function drawAxis(
  pen: Pen,
  { grid, text }: TimelinePalette,
  { from, to }: { readonly from: number; readonly to: number },
  { width, height }: { readonly width: number; readonly height: number },
): void {
  for (const seconds of timelineTicks(from, to)) {
    const x = ((1000 * seconds - from) / (to - from)) * width;
    pen.globalAlpha = 2 * faint;
    pen.fillStyle = grid;
    pen.fillRect(Math.min(width - 1, Math.round(x)), 0, 1, height - axisHeight);
    pen.globalAlpha = 1;
    pen.fillStyle = text;
    // Labels at the edges stay inside.
    pen.textAlign = x < 20 ? 'left' : x > width - 20 ? 'right' : 'center';
    pen.fillText(`${seconds} s`, x, height - axisHeight / 2);
  }
}

function drawLabels(
  pen: Pen,
  { text }: TimelinePalette,
  { label, share }: { readonly label: string; readonly share: string },
  { top, width }: { readonly top: number; readonly width: number },
): void {
  const middle = top + labelHeight / 2;
  pen.fillStyle = text;
  pen.textAlign = 'right';
  pen.fillText(share, width, middle);
  pen.textAlign = 'left';
  // A long label is made narrower rather than cut.
  pen.fillText(label, 0, middle, Math.max(1, width - pen.measureText(share).width - 8));
}
