/** The values that a node can name: those of its graph, and of the graphs around that. */

export class ValueScope {
  /** Stands before the names of nodes that are made here. */
  readonly prefix: string;
  readonly #outer: ValueScope | undefined;
  readonly #values = new Map<string, string | undefined>();
  readonly #reserved = new Map<string, string>();
  readonly #poisoned = new Map<string, string>();

  /** @param outer the scope around; a function has none. */
  constructor(outer?: ValueScope, prefix = '') {
    this.#outer = outer;
    this.prefix = prefix;
  }

  /** The value gets this reference. */
  bind(name: string, reference: string): void {
    this.#values.set(name, reference);
  }

  /** The optional argument of a function is left out. */
  omit(name: string): void {
    this.#values.set(name, undefined);
  }

  get(name: string): string | undefined {
    return this.#values.has(name) ? this.#values.get(name) : this.#outer?.get(name);
  }

  /** True for an argument that is left out. */
  isOmitted(name: string): boolean {
    return this.#values.has(name)
      ? this.#values.get(name) === undefined
      : (this.#outer?.isOmitted(name) ?? false);
  }

  /** The node that gives this value will have this name. */
  reserve(name: string, node: string): void {
    this.#reserved.set(name, node);
  }

  reserved(name: string): string | undefined {
    return this.#reserved.get(name);
  }

  /**
   * These values are not known, as what gives them is not supported.
   *
   * @param reason what is not supported, where it is not named yet.
   */
  poison(names: readonly string[], reason = ''): void {
    for (const name of names) if (name !== '') this.#poisoned.set(name, reason);
  }

  /** The reason, which may be empty; undefined for a value that is known. */
  poisonOf(name: string): string | undefined {
    return this.#poisoned.get(name) ?? (this.#values.has(name) ? undefined : this.#outer?.poisonOf(name));
  }
}
