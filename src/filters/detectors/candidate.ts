/** What a detector says of one object, before boxes that overlap are suppressed. */
import type { Edges, Finding } from '../detect/bounding-box.ts';

/** A box in pixels of the model's picture, with its class. */
export interface Candidate extends Finding {
  readonly edges: Edges;
}

/** Edges of a box by its centre and size. */
export function edgesAround(x: number, y: number, width: number, height: number): Edges {
  return { x0: x - width / 2, y0: y - height / 2, x1: x + width / 2, y1: y + height / 2 };
}

/** False where a network that overflowed gave an edge that is no number. */
export function hasPlace({ edges: { x0, y0, x1, y1 } }: Candidate): boolean {
  return Number.isFinite(x0) && Number.isFinite(y0) && Number.isFinite(x1) && Number.isFinite(y1);
}
