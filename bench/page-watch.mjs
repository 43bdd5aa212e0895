/**
 * Watches a page's own thread while somebody types there: long tasks, animation
 * frames, and how fast keys appear.
 */
/* global window, document, PerformanceObserver, MessageChannel -- in page.evaluate */
/* global requestAnimationFrame, cancelAnimationFrame, setInterval, clearInterval -- likewise */
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {import('./page-watch.ts').PageFigures} PageFigures */

/** Time between two keys: a fast typist's. */
const betweenKeys = 120;
/** Time between two beats of the page's thread, as the product's own `longest_task_ms` counts. */
const betweenBeats = 5;

/**
 * Types into a field of the page until the work has ended.
 *
 * @template T
 * @param {import('playwright').Page} page
 * @param {() => Promise<T>} work
 * @returns {Promise<{ figures: PageFigures, result: T }>}
 */
export async function watchPage(page, work) {
  await startWatch(page);
  await page.focus('#bench-typing');
  const state = { ended: false };
  const working = work().finally(() => {
    state.ended = true;
  });
  const typing = (async () => {
    while (!state.ended) {
      await page.keyboard.press('a');
      await sleep(betweenKeys);
    }
  })();
  const result = await working;
  await typing;
  const figures = await page.evaluate(() => {
    if (window.benchWatch === undefined) throw new Error('The page is not watched.');
    return window.benchWatch.stop();
  });
  return { figures, result };
}

/** @param {import('playwright').Page} page */
async function startWatch(page) {
  await page.evaluate((beat) => {
    const field = document.createElement('textarea');
    field.id = 'bench-typing';
    document.body.append(field);
    /** @type {number[]} */
    const longTasks = [];
    /** @type {number[]} */
    const frameGaps = [];
    /** @type {number[]} */
    const inputLatencies = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longTasks.push(duration);
    });
    observer.observe({ type: 'longtask' });
    let last = performance.now();
    let request = requestAnimationFrame(function onFrame(now) {
      frameGaps.push(now - last);
      last = now;
      request = requestAnimationFrame(onFrame);
    });
    let longestBeat = 0;
    let lastBeat = last;
    const beating = setInterval(() => {
      const now = performance.now();
      longestBeat = Math.max(longestBeat, now - lastBeat);
      lastBeat = now;
    }, beat);
    field.addEventListener('keydown', ({ timeStamp }) => {
      requestAnimationFrame(() => {
        // A message that is sent in a frame arrives when the frame has been painted.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          inputLatencies.push(performance.now() - timeStamp);
          port1.close();
        };
        port2.postMessage(undefined);
      });
    });
    const start = performance.now();
    window.benchWatch = {
      stop() {
        cancelAnimationFrame(request);
        clearInterval(beating);
        observer.disconnect();
        field.remove();
        // The first gap starts somewhere within a frame.
        const gaps = frameGaps.slice(1);
        const seconds = (performance.now() - start) / 1000;
        return { seconds, longTasks, longestBeat, frameGaps: gaps, inputLatencies };
      },
    };
  }, betweenBeats);
}

/**
 * Animation frames that the page missed, in percent of those that it would have had.
 *
 * @param {readonly number[]} gaps milliseconds from frame to frame
 * @param {number} interval of the screen in milliseconds
 */
export function droppedFrames(gaps, interval) {
  const dropped = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / interval) - 1), 0);
  return gaps.length + dropped === 0 ? 0 : (100 * dropped) / (gaps.length + dropped);
}
