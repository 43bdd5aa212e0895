/** Names of classes that a model carries. */

/** More occur only in damaged files. */
const maximumLabels = 65536;

/** A piece of a Python or JSON literal of names, blanks around it left out. */
type Piece = { readonly mark: string } | { readonly index: number } | { readonly text: string };

const piece = /\s*(?:([[\]{}:,])|(\d{1,9})|'((?:[^'\\]|\\[^])*)'|"((?:[^"\\]|\\[^])*)")\s*/y;

/**
 * Names as Ultralytics writes them into an ONNX model's metadata: `{0: 'person', 1: 'bicycle'}`, or a list of
 * them. JSON, whose keys are in quotes, is read too. Classes without a name have their number.
 *
 * @returns one name a class; undefined where the text is anything else.
 */
export function labelsOfMetadata(text: string): string[] | undefined {
  const pieces = piecesOf(text);
  const first = pieces?.[0];
  if (pieces === undefined || first === undefined || !('mark' in first)) return undefined;
  const last = pieces.at(-1)!;
  const isDict = first.mark === '{';
  if (!isMark(last, isDict ? '}' : ']') || (!isDict && first.mark !== '[')) return undefined;
  const labels = new Map<number, string>();
  const size = isDict ? 4 : 2;
  // Each entry with the comma, or the closing mark, behind it; no list that is written ends by a comma.
  const inside = pieces.slice(1);
  if (inside.length === 1 || inside.length % size !== 0) return undefined;
  for (let at = 0; at < inside.length; at += size) {
    const entry = inside.slice(at, at + size);
    const name = entry.at(-2)!;
    const index = isDict ? keyOf(entry) : labels.size;
    const isLast = at + size === inside.length;
    if (index === undefined || !('text' in name) || (!isLast && !isMark(entry.at(-1)!, ',')))
      return undefined;
    labels.set(index, name.text);
  }
  const count = Math.max(...labels.keys()) + 1;
  if (count > maximumLabels) return undefined;
  return Array.from({ length: count }, (_, id) => labels.get(id) ?? String(id));
}

/** Names as OpenVINO's model API writes them (`model_info/labels`): parted by blanks. */
export function labelsOfModelInfo(text: string): string[] | undefined {
  const labels = text.split(/\s+/).filter((label) => label !== '');
  return labels.length === 0 ? undefined : labels;
}

/** Undefined where the text is not made of such pieces alone. */
function piecesOf(text: string): Piece[] | undefined {
  const pieces: Piece[] = [];
  piece.lastIndex = 0;
  for (let end = 0; end < text.length; end = piece.lastIndex) {
    const found = piece.exec(text);
    if (found === null) return undefined;
    const [, mark, index, single, double] = found;
    if (mark !== undefined) pieces.push({ mark });
    else if (index !== undefined) pieces.push({ index: Number(index) });
    else pieces.push({ text: unescaped(single ?? double ?? '') });
  }
  return pieces;
}

function isMark(one: Piece, mark: string): boolean {
  return 'mark' in one && one.mark === mark;
}

/** The number before the colon. */
function keyOf([key, colon]: readonly Piece[]): number | undefined {
  if (key === undefined || colon === undefined || !isMark(colon, ':')) return undefined;
  if ('index' in key) return key.index;
  return 'text' in key && /^\d{1,9}$/.test(key.text) ? Number(key.text) : undefined;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** The escapes that Python's repr and JSON write. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([^]))/gi,
    (all, x?: string, u?: string, long?: string, one?: string) => {
      const code = Number.parseInt(x ?? u ?? long ?? '', 16);
      if (one !== undefined) return escapes[one] ?? one;
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}
