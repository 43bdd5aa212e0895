/**
 * The XML of an OpenVINO IR as plain elements with their places; the one file that touches the XML parser.
 */
import { parseXml, XmlElement, XmlError } from '@rgrove/parse-xml';
import { DnnError } from '../../base/errors.ts';

/** One element. */
export interface IrElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** The elements in it, without text and comments. */
  readonly children: readonly IrElement[];
  /** The text in it, without that of its children, trimmed. */
  readonly text: string;
  /** Position of its `<` in characters from the start of the file. */
  readonly offset: number;
}

/** Deeper nesting than this occurs only in damaged files. */
const maximumDepth = 64;

/** The error for something wrong at a place of the file. */
export function irError(file: string, what: string, offset: number): DnnError {
  return new DnnError(
    'EINVAL',
    `model '${file}': ${what} at character ${offset}; the file is cut or damaged, or it is no OpenVINO IR: convert the ` +
      'model again with `ovc`',
    { option: 'model', file, offset },
  );
}

function elementOf(element: XmlElement, file: string, depth: number): IrElement {
  if (depth > maximumDepth) {
    throw irError(file, `elements in more than ${maximumDepth} others`, element.start);
  }
  let text = '';
  const children: IrElement[] = [];
  for (const child of element.children) {
    if (child instanceof XmlElement) children.push(elementOf(child, file, depth + 1));
    else if (child.type === 'text' || child.type === 'cdata') text += (child as { text?: string }).text ?? '';
  }
  return {
    name: element.name,
    attributes: new Map(Object.entries(element.attributes)),
    children,
    text: text.trim(),
    offset: element.start,
  };
}

/**
 * Parses an XML file. Entities of a DTD are not expanded.
 *
 * @param file its name, for messages.
 * @throws DnnError `EINVAL` with the place where it is no XML.
 */
export function parseIrXml(text: string, file: string): IrElement {
  try {
    const { root } = parseXml(text, { includeOffsets: true });
    if (root === null) throw irError(file, 'no element', 0);
    return elementOf(root, file, 1);
  } catch (error) {
    if (error instanceof XmlError) {
      // The parser's message goes on with an excerpt in lines of its own.
      const [reason = ''] = error.message.split('\n');
      const what = reason.replace(/ \(line \d+, column \d+\)$/, '').replace(/\p{Cc}/gu, '?');
      throw irError(file, `no valid XML: ${what} in line ${error.line}, column ${error.column},`, error.pos);
    }
    // The parser recurses: a file of nothing but start tags is deeper than the stack.
    if (error instanceof RangeError) throw irError(file, 'elements in too many others', 0);
    throw error;
  }
}

/** The first child of a name. */
export function childOf(element: IrElement, name: string): IrElement | undefined {
  return element.children.find((child) => child.name === name);
}
