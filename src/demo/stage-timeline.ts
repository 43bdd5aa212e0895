/**
 * Shows live who works when in a job. A worker draws: on the page's thread each picture would be a long task.
 */
import type { TimelineEvent } from '../index.ts';
import type {
  TimelineDrawn,
  TimelineLook,
  TimelinePalette,
  ToTimelineWorker,
} from './stage-timeline-messages.ts';

/** Custom properties that colour the picture, with those of the page that stand in for them. */
const colours = {
  ffmpeg: ['--timeline-ffmpeg', '--accent', '#0a58a8'],
  dnn: ['--timeline-dnn', '--warn', '#b35900'],
  decode: ['--timeline-decode', '--accent', '#0b6e4f'],
  encode: ['--timeline-encode', '--accent', '#7a3fa0'],
  grid: ['--timeline-grid', '--line', '#8888'],
  text: ['--timeline-text', '--text', '#888'],
} as const;

export class StageTimelineView {
  /** Whether the browser lets workers draw on the page. */
  static readonly isSupported = 'transferControlToOffscreen' in HTMLCanvasElement.prototype;

  readonly #canvas: HTMLCanvasElement;
  readonly #rows = document.createElement('tbody');
  readonly #worker = new Worker(new URL('./stage-timeline.worker.ts', import.meta.url), {
    type: 'module',
    name: 'stage timeline',
  });
  #width = 0;

  /**
   * @param canvas on which nothing was drawn yet. Its content becomes a table with the share of the time that
   *   each lane worked, for those who do not see the picture.
   */
  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    const table = document.createElement('table');
    table.createCaption().textContent = 'Share of the time in which each lane worked';
    table.append(this.#rows);
    canvas.replaceChildren(table);
    canvas.style.display = 'block';
    canvas.style.width = '100%';
    const surface = canvas.transferControlToOffscreen();
    this.#tell({ kind: 'canvas', canvas: surface }, [surface]);
    this.#worker.addEventListener('message', ({ data }: MessageEvent<TimelineDrawn>) => {
      this.#write(data);
    });
    new ResizeObserver(([entry]) => {
      this.#width = entry?.contentRect.width ?? 0;
      this.#tellLook();
    }).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#tellLook();
    });
  }

  /** The last ten seconds are drawn, once a frame at most. */
  add(event: TimelineEvent): void {
    this.#tell({ kind: 'add', event });
  }

  /** The job is done: from now on all of it is drawn. */
  finish(): void {
    this.#tell({ kind: 'finish' });
  }

  /** For the next job. */
  clear(): void {
    this.#tell({ kind: 'clear' });
  }

  #tellLook(): void {
    const style = getComputedStyle(this.#canvas);
    const look: TimelineLook = {
      width: this.#width,
      density: globalThis.devicePixelRatio,
      fontFamily: style.fontFamily,
      palette: paletteOf(style),
    };
    this.#tell({ kind: 'look', look });
  }

  #tell(message: ToTimelineWorker, transferred: Transferable[] = []): void {
    this.#worker.postMessage(message, transferred);
  }

  #write({ height, lanes }: TimelineDrawn): void {
    const high = `${height}px`;
    if (this.#canvas.style.height !== high) this.#canvas.style.height = high;
    while (this.#rows.rows.length > lanes.length) this.#rows.deleteRow(-1);
    for (const [lane, { label, share }] of lanes.entries()) {
      const row = this.#rows.rows[lane] ?? newRow(this.#rows);
      const [head, value] = row.cells;
      if (head!.textContent !== label) head!.textContent = label;
      if (value!.textContent !== share) value!.textContent = share;
    }
  }
}

function paletteOf(style: CSSStyleDeclaration): TimelinePalette {
  const colour = (name: keyof typeof colours): string => {
    const [own, page, fallback] = colours[name];
    return style.getPropertyValue(own).trim() || style.getPropertyValue(page).trim() || fallback;
  };
  return {
    ffmpeg: colour('ffmpeg'),
    dnn: colour('dnn'),
    decode: colour('decode'),
    encode: colour('encode'),
    grid: colour('grid'),
    text: colour('text'),
  };
}

function newRow(rows: HTMLTableSectionElement): HTMLTableRowElement {
  const row = rows.insertRow();
  const head = document.createElement('th');
  head.scope = 'row';
  row.append(head);
  row.insertCell();
  return row;
}
