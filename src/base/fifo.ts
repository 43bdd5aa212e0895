/** A first-in first-out queue with O(1) push and shift; the role of libavfilter/dnn/queue.c. */

/** Shifted slots are cut off once there are this many of them, and they are half of the array. */
const compactAfter = 32;

/**
 * A plain queue. It needs none of SafeQueue's locks (dnn/safe_queue.c): the event loop runs one thing at a
 * time, and whoever would block in its pop awaits a promise instead.
 */
export class Fifo<T> {
  #slots: (T | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#slots.length - this.#head;
  }

  push(value: T): void {
    this.#slots.push(value);
  }

  /** The oldest value, which stays; undefined when the queue is empty. */
  peek(): T | undefined {
    return this.#slots[this.#head];
  }

  /** Takes the oldest value; undefined when the queue is empty. */
  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const value = this.#slots[this.#head];
    this.#slots[this.#head] = undefined; // a frame must not live on in a slot that nobody reads
    this.#head += 1;
    if (this.#head >= compactAfter && this.#head * 2 >= this.#slots.length) {
      this.#slots = this.#slots.slice(this.#head);
      this.#head = 0;
    }
    return value;
  }

  /** Empties the queue and gives back what was in it, oldest first. */
  drain(): T[] {
    const values = this.#slots.slice(this.#head) as T[];
    this.#slots = [];
    this.#head = 0;
    return values;
  }
}
