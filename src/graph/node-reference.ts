/** The strings by which one node names another one's output. */

/** A parsed input string of a node. */
export interface NodeReference {
  readonly name: string;
  /** Output index of the producer; 0 for a control dependency. */
  readonly output: number;
  /** True for `^name`: only an order of execution, no tensor. */
  readonly control: boolean;
}

/** Parses `name`, `name:1` or `^name`. A colon that no digits follow belongs to the name. */
export function parseReference(reference: string): NodeReference {
  if (reference.startsWith('^')) return { name: reference.slice(1), output: 0, control: true };
  const match = /^(.*):(\d{1,9})$/s.exec(reference);
  if (match === null) return { name: reference, output: 0, control: false };
  return { name: match[1]!, output: Number(match[2]), control: false };
}

/** Writes a reference as a Graph holds it: without `:0`. */
export function formatReference(name: string, output = 0): string {
  return output === 0 ? name : `${name}:${output}`;
}

/** `name:0` → `name`; other references stay as they are. */
export function normaliseReference(reference: string): string {
  const { name, output, control } = parseReference(reference);
  return control ? reference : formatReference(name, output);
}

/** The node that a reference names, whichever output it takes. */
export function referencedNode(reference: string): string {
  return parseReference(reference).name;
}
