/**
 * Turns a schedule into steps over line buffers: a band for each tensor, with as many
 * rows as are ever kept at once.
 */
import type { RowRange } from './layer.ts';
import type { TensorId } from '../lowering/network.ts';
import { rowBytes, tensorSize, type LayerNetwork } from './layer-network.ts';
import { schedule, type ComputedRows } from './schedule.ts';

/** Where a band begins in the image when a step runs. */
export interface BandRows {
  readonly tensor: TensorId;
  readonly firstRow: number;
  readonly rows: number;
}

/**
 * One step: kept rows are moved to the top of the band where that makes room, then rows are computed or fed.
 */
export interface PlanStep {
  readonly tensor: TensorId;
  readonly from: number;
  readonly to: number;
  /** Rows of the band that are moved to its beginning first: `at` counted in the band. */
  readonly move: { readonly at: number; readonly rows: number } | undefined;
  readonly output: BandRows;
  readonly inputs: readonly BandRows[];
  /** Position in `network.outputs` where the rows are handed out, and which of them were asked for. */
  readonly emit: ({ readonly output: number } & RowRange) | undefined;
}

/** Everything about one run but the addresses. */
export interface RowPlan {
  readonly steps: readonly PlanStep[];
  /** By tensor: byte offset of its band in the arena, a multiple of 16. */
  readonly bandOffsets: readonly number[];
  readonly scratchOffset: number;
  readonly stagingOffset: number;
  /** Bytes of all bands and the scratch memory. */
  readonly arenaBytes: number;
  /** Rows of the first output that are computed at a time. */
  readonly stripRows: number;
}

/** Bytes behind each band that a kernel may read. */
const guard = 64;
/** A tensor up to this many bytes has a band of its whole height: nothing has to be moved. */
export const smallTensor = 64 * 1024;

/** By tensor: rows of its band. A strip more than is kept at once halves what is moved. */
function bandRows(network: LayerNetwork, events: readonly ComputedRows[], wholeBytes: number): number[] {
  const rows = new Array<number>(network.steps.length + 1).fill(0);
  const strip = new Array<number>(network.steps.length + 1).fill(0);
  for (const { tensor, from, to, keep } of events) {
    rows[tensor] = Math.max(rows[tensor]!, to - keep);
    strip[tensor] = Math.max(strip[tensor]!, to - from);
  }
  return rows.map((count, tensor) => {
    const size = tensorSize(network, tensor);
    if (count === 0) return 0;
    if (rowBytes(size) * size.height <= wholeBytes) return size.height;
    return count === strip[tensor]! ? count : Math.min(size.height, count + strip[tensor]!);
  });
}

function makeSteps(
  network: LayerNetwork,
  wanted: readonly RowRange[],
  events: readonly ComputedRows[],
  capacity: readonly number[],
): PlanStep[] {
  const bands = capacity.map((_, tensor) => ({ tensor, firstRow: 0, rows: 0 }));
  return events.map(({ tensor, from, to, keep }) => {
    const band = bands[tensor]!;
    let move: PlanStep['move'];
    if (band.rows === 0) band.firstRow = from;
    if (to - band.firstRow > capacity[tensor]!) {
      const at = keep - band.firstRow;
      if (from > keep) move = { at, rows: from - keep };
      band.firstRow = keep;
    }
    band.rows = to - band.firstRow;
    const inputs = tensor === 0 ? [] : network.steps[tensor - 1]!.inputs;
    return {
      tensor,
      from,
      to,
      move,
      output: { ...band },
      inputs: inputs.map((input) => ({ ...bands[input]! })),
      emit: emitted(network.outputs.indexOf(tensor), wanted, from, to),
    };
  });
}

function emitted(output: number, wanted: readonly RowRange[], from: number, to: number): PlanStep['emit'] {
  const range = wanted[output];
  if (range === undefined) return undefined;
  const rows = { from: Math.max(from, range.from), to: Math.min(to, range.to) };
  return rows.to > rows.from ? { output, ...rows } : undefined;
}

function align(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}

/** Bytes for the scratch memory of the neediest step. */
function scratchBytes(network: LayerNetwork, events: readonly ComputedRows[]): number {
  let bytes = 0;
  const seen = new Set<string>();
  for (const { tensor, from, to } of events) {
    const key = `${tensor}:${to - from}`;
    if (tensor === 0 || seen.has(key)) continue;
    seen.add(key);
    bytes = Math.max(bytes, network.steps[tensor - 1]!.layer.scratchBytes(to - from));
  }
  return bytes;
}

/** Bytes for one strip of the input or of an output as bytes. */
function stagingBytes(network: LayerNetwork, events: readonly ComputedRows[]): number {
  let bytes = 0;
  for (const { tensor, from, to } of events) {
    if (tensor !== 0 && !network.outputs.includes(tensor)) continue;
    bytes = Math.max(bytes, ((to - from) * rowBytes(tensorSize(network, tensor))) / 4);
  }
  return bytes;
}

/**
 * Plans one run in strips of a given height.
 *
 * @param wanted rows of the outputs, in the order of `network.outputs`.
 * @param stripRows 1 …; a layer that works in larger groups gets a group.
 * @param wholeBytes tensors of up to this size have bands of their whole height.
 */
export function planBands(
  network: LayerNetwork,
  wanted: readonly RowRange[],
  stripRows: number,
  wholeBytes = smallTensor,
): RowPlan {
  const events = schedule(network, wanted, stripRows);
  const capacity = bandRows(network, events, wholeBytes);
  const steps = makeSteps(network, wanted, events, capacity);
  let offset = guard;
  const bandOffsets = capacity.map((rows, tensor) => {
    const at = offset;
    if (rows > 0) offset = align(at + rows * rowBytes(tensorSize(network, tensor)) + guard);
    return at;
  });
  const scratchOffset = offset;
  const stagingOffset = align(scratchOffset + scratchBytes(network, events) + guard);
  const arenaBytes = align(stagingOffset + stagingBytes(network, events) + guard);
  return { steps, bandOffsets, scratchOffset, stagingOffset, arenaBytes, stripRows };
}
