/** A limit on memory that a model file can ask for without carrying the bytes itself. */

/** Values that one file may expand to by repetition: 256 MiB of floats. */
const maximumRepeatedValues = 2 ** 26;

/** Counts the values that repetition adds, over all tensors of one file. */
export class AllocationBudget {
  #left = maximumRepeatedValues;

  /** Takes `count` values from the budget; false where it does not hold as many. */
  take(count: number): boolean {
    if (!(count <= this.#left)) return false;
    this.#left -= count;
    return true;
  }
}
