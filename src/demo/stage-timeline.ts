/** Shows live who works when in a job: a row for each ffmpeg stage and each inference worker. */
import type { TimelineEvent, TimelineLane } from '../index.ts';
import { recentMs, TimelineHistory } from './timeline-history.ts';
import { timelineRectangles, timelineTicks } from './timeline-rectangles.ts';

/** In CSS pixels. */
const labelHeight = 16;
const barHeight = 14;
const laneHeight = labelHeight + barHeight + 6;
const axisHeight = 20;

/** Opacity of what lies behind bars and letters. */
const faint = 0.2;

/** Custom properties that colour the picture, with those of the page that stand in for them. */
const colours = {
  ffmpeg: ['--timeline-ffmpeg', '--accent', '#0a58a8'],
  dnn: ['--timeline-dnn', '--warn', '#b35900'],
  grid: ['--timeline-grid', '--line', '#8888'],
  text: ['--timeline-text', '--text', '#888'],
} as const;

export class StageTimelineView {
  readonly #canvas: HTMLCanvasElement;
  readonly #rows = document.createElement('tbody');
  readonly #history = new TimelineHistory();
  readonly #listeners = new AbortController();
  readonly #resize: ResizeObserver;
  #isWhole = false;
  #frame: number | undefined;

  /**
   * @param place a canvas, or an element whose content becomes one. Inside of the canvas is a table with the share of the
   *   time that each lane worked, for those who do not see the picture.
   */
  constructor(place: HTMLElement) {
    this.#canvas = place instanceof HTMLCanvasElement ? place : document.createElement('canvas');
    if (place !== this.#canvas) place.replaceChildren(this.#canvas);
    const table = document.createElement('table');
    table.createCaption().textContent = 'Share of the time in which each lane worked';
    table.append(this.#rows);
    this.#canvas.replaceChildren(table);
    this.#canvas.style.display = 'block';
    this.#canvas.style.width = '100%';
    this.#resize = new ResizeObserver(() => {
      this.#draw();
    });
    this.#resize.observe(this.#canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener(
      'change',
      () => {
        this.#draw();
      },
      { signal: this.#listeners.signal },
    );
  }

  /** The last ten seconds are drawn, once a frame at most. */
  add(event: TimelineEvent): void {
    this.#history.add(event);
    this.#draw();
  }

  /** The job is done: from now on all of it is drawn. */
  finish(): void {
    this.#isWhole = true;
    this.#draw();
  }

  /** For the next job. */
  clear(): void {
    this.#history.clear();
    this.#isWhole = false;
    this.#draw();
  }

  /** Stops watching; what is drawn stays. */
  close(): void {
    this.#listeners.abort();
    this.#resize.disconnect();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  #draw(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#drawNow();
    });
  }

  #drawNow(): void {
    const { lanes, latest } = this.#history;
    const from = this.#isWhole ? 0 : Math.max(0, latest - recentMs);
    const window = { from, to: this.#isWhole ? Math.max(latest, 1) : from + recentMs };
    const shares = lanes.map((_, lane) => `${(100 * this.#busyShare(lane, from)).toFixed(0)} %`);
    // Before anything is written: else the page would be laid out for it at once.
    const width = this.#canvas.clientWidth;
    this.#write(lanes, shares);
    const height = lanes.length * laneHeight + axisHeight;
    const pen = this.#prepare(width, height);
    if (pen === undefined || lanes.length === 0) return;
    const palette = paletteOf(getComputedStyle(this.#canvas));
    drawAxis(pen, palette, window, { width, height });
    for (const [lane, { kind, label }] of lanes.entries()) {
      const top = lane * laneHeight;
      drawLabels(pen, palette, { label, share: shares[lane] ?? '' }, { top, width });
      const coverage = this.#isWhole ? this.#history.whole(lane) : this.#history.recent(lane, width);
      const bars = timelineRectangles(coverage, window.from, window.to);
      pen.globalAlpha = faint;
      pen.fillStyle = palette.grid;
      pen.fillRect(0, top + labelHeight, width, barHeight);
      pen.globalAlpha = 1;
      pen.fillStyle = palette[kind];
      for (const bar of bars) {
        const high = bar.height * barHeight;
        // Short work stays visible.
        pen.fillRect(
          bar.x * width,
          top + labelHeight + barHeight - high,
          Math.max(1, bar.width * width),
          high,
        );
      }
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
  #prepare(width: number, height: number): CanvasRenderingContext2D | undefined {
    const density = globalThis.devicePixelRatio;
    const [across, down] = [Math.round(width * density), Math.round(height * density)];
    if (this.#canvas.width !== across) this.#canvas.width = across;
    if (this.#canvas.height !== down) this.#canvas.height = down;
    if (this.#canvas.style.height !== `${height}px`) this.#canvas.style.height = `${height}px`;
    const pen = this.#canvas.getContext('2d');
    if (pen === null || width === 0) return undefined;
    pen.setTransform(density, 0, 0, density, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = `12px ${getComputedStyle(this.#canvas).fontFamily}`;
    pen.textBaseline = 'middle';
    return pen;
  }

  #write(lanes: readonly TimelineLane[], shares: readonly string[]): void {
    while (this.#rows.rows.length > lanes.length) this.#rows.deleteRow(-1);
    for (const [lane, { label }] of lanes.entries()) {
      const row = this.#rows.rows[lane] ?? newRow(this.#rows);
      const [head, value] = row.cells;
      if (head!.textContent !== label) head!.textContent = label;
      const share = shares[lane] ?? '';
      if (value!.textContent !== share) value!.textContent = share;
    }
  }
}

type Palette = Readonly<Record<keyof typeof colours, string>>;

/** Read at each drawing: the theme may have changed. */
function paletteOf(style: CSSStyleDeclaration): Palette {
  const colour = (name: keyof typeof colours): string => {
    const [own, page, fallback] = colours[name];
    return style.getPropertyValue(own).trim() || style.getPropertyValue(page).trim() || fallback;
  };
  return {
    ffmpeg: colour('ffmpeg'),
    dnn: colour('dnn'),
    grid: colour('grid'),
    text: colour('text'),
  };
}

function drawAxis(
  pen: CanvasRenderingContext2D,
  { grid, text }: Palette,
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
  pen: CanvasRenderingContext2D,
  { text }: Palette,
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

function newRow(rows: HTMLTableSectionElement): HTMLTableRowElement {
  const row = rows.insertRow();
  const head = document.createElement('th');
  head.scope = 'row';
  row.append(head);
  row.insertCell();
  return row;
}
