/** Which rows a convolution with a fused residual needs. */
import type { Epilogue } from '../../lowering/layer-spec.ts';
import type { RowRange } from '../layer.ts';

/**
 * The rows that an input needs for output rows `from` … `to - 1`, when `own` are those of input 0's window.
 */
export function epilogueInput(
  { residual }: Epilogue,
  input: number,
  from: number,
  to: number,
  own: () => RowRange,
): RowRange {
  if (input !== residual) return own();
  if (input !== 0) return { from, to };
  const rows = own();
  if (rows.from === rows.to) return { from, to };
  return { from: Math.min(from, rows.from), to: Math.max(to, rows.to) };
}
