/** The class of the largest score of each row of a table. */

/** How the scores of `rows` boxes for `classes` classes lie in an output's values. */
export interface ScoreTable {
  readonly data: Float32Array;
  readonly rows: number;
  readonly classes: number;
  /** Index of the score of row 0 and class 0. */
  readonly start: number;
  /** From one row to the next, and from one class to the next. */
  readonly rowStep: number;
  readonly classStep: number;
}

export interface BestClasses {
  /** By row; the first of equal ones. */
  readonly labelIds: Int32Array;
  /** By row; -Infinity where no score is a number. */
  readonly scores: Float32Array;
}

/** Looks through the classes one by one where they lie together, which a cache likes better. */
export function bestClasses({ data, rows, classes, start, rowStep, classStep }: ScoreTable): BestClasses {
  const labelIds = new Int32Array(rows);
  const scores = new Float32Array(rows).fill(-Infinity);
  const look = (row: number, label: number): void => {
    const score = data[start + row * rowStep + label * classStep]!;
    if (score > scores[row]!) {
      scores[row] = score;
      labelIds[row] = label;
    }
  };
  if (rowStep < classStep) {
    for (let label = 0; label < classes; label++) for (let row = 0; row < rows; row++) look(row, label);
  } else {
    for (let row = 0; row < rows; row++) for (let label = 0; label < classes; label++) look(row, label);
  }
  return { labelIds, scores };
}
