/** Names of classes that a model carries. */

/** More occur only in damaged files. */
const maximumLabels = 65536;

/** One entry of a Python dict or list of strings: an index where there is one, and a name in quotes. */
const entry = /(?:(\d+)\s*:\s*)?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g;

/**
 * Names as Ultralytics writes them into an ONNX model's metadata: `{0: 'person', 1: 'bicycle'}`, or a list.
 *
 * @returns one name a class; undefined where the text is none of these.
 */
export function labelsOfMetadata(text: string): string[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const labels: string[] = [];
  for (const [, index, single, double] of text.matchAll(entry)) {
    const at = index === undefined ? labels.length : Number(index);
    if (at >= maximumLabels) return undefined;
    while (labels.length < at) labels.push(String(labels.length));
    labels[at] = (single ?? double ?? '').replace(/\\(.)/g, '$1');
  }
  return labels.length === 0 ? undefined : labels;
}

/** Names as OpenVINO's model API writes them (`model_info/labels`): parted by blanks. */
export function labelsOfModelInfo(text: string): string[] | undefined {
  const labels = text.split(/\s+/).filter((label) => label !== '');
  return labels.length === 0 ? undefined : labels;
}
