/** Outputs as tables of rows and columns. */
import type { DNNData } from '../../dnn/contract/interface.ts';
import type { ModelShape, OutputShape } from './detector.ts';

/** Rows and columns of an output. */
export type TableSize = readonly [rows: number, columns: number];

/** `[1, 1, rows, columns]`; undefined for a tensor of more dimensions than that. */
export function tableOf({ dims: [n, height, rows, columns] }: DNNData): TableSize | undefined {
  return n === 1 && height === 1 ? [rows, columns] : undefined;
}

/** Of an output of which two sizes are not 1, or are behind a batch of 1. */
export function tableShape({ dims }: OutputShape): TableSize | undefined {
  const [rows, columns, ...more] = dims.length === 3 && dims[0] === 1 ? dims.slice(1) : dims;
  return rows === undefined || columns === undefined || more.length > 0 ? undefined : [rows, columns];
}

/** The outputs that are tables, with their sizes. */
export function tablesOf({ outputs }: ModelShape): { output: OutputShape; size: TableSize }[] {
  return outputs.flatMap((output) => {
    const size = tableShape(output);
    return size === undefined || size.some((side) => side < 1) ? [] : [{ output, size }];
  });
}

/** The only output that is a table, beside others of more dimensions such as masks. */
export function soleTable(model: ModelShape): { output: OutputShape; size: TableSize } | undefined {
  const tables = tablesOf(model);
  return tables.length === 1 ? tables[0] : undefined;
}
