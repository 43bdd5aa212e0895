/**
 * What was detected in the video that was last at work: how often each label, and all of it
 * as `-dnn_detections` writes it.
 */
import { detectionsJson } from '../filters/detections-text.ts';
import type { DetectionsEvent } from '../index.ts';
import { element } from './element.ts';

/** Parts of a Blob: one for each line would be slow to make. */
const linesPerPart = 1000;

export class FoundList {
  readonly #section = element('found', HTMLElement);
  readonly #words = element('found-words', HTMLElement);
  readonly #link = element('found-json', HTMLAnchorElement);
  readonly #counts = new Map<string, number>();
  #lines: string[] = [];
  #parts: string[] = [];
  #frames = 0;
  #isDue = false;

  clear(): void {
    this.#counts.clear();
    [this.#lines, this.#parts, this.#frames] = [[], [], 0];
    this.#section.hidden = true;
    if (this.#link.href !== '') URL.revokeObjectURL(this.#link.href);
    this.#link.removeAttribute('href');
    this.#link.hidden = true;
  }

  add(event: DetectionsEvent): void {
    this.#frames++;
    for (const { detectLabel, classifications } of event.bboxes)
      for (const label of [detectLabel, ...classifications.map((one) => one.label)])
        this.#counts.set(label, (this.#counts.get(label) ?? 0) + 1);
    this.#lines.push(detectionsJson(event, { source: event.source ?? '', bboxes: event.bboxes }));
    if (this.#lines.length >= linesPerPart) {
      this.#parts.push(`${this.#lines.join('\n')}\n`);
      this.#lines = [];
    }
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#show();
    });
  }

  /** Offers all of it as a file. @param name of the video */
  finish(name: string): void {
    if (this.#frames === 0) return;
    const end = this.#lines.length === 0 ? [] : [`${this.#lines.join('\n')}\n`];
    const blob = new Blob([...this.#parts, ...end], { type: 'application/jsonl' });
    this.#link.href = URL.createObjectURL(blob);
    this.#link.download = `${name.replace(/\.[^.]*$/, '')}-detections.jsonl`;
    this.#link.hidden = false;
    this.#show();
  }

  #show(): void {
    const counted = [...this.#counts].toSorted(([, a], [, b]) => b - a);
    const words = counted.map(([label, count]) => `${label} ${count}`).join(', ');
    this.#section.hidden = this.#frames === 0;
    this.#words.textContent = `In ${this.#frames} frames: ${words === '' ? 'nothing' : words}.`;
  }
}
