/** The layers and edges of an OpenVINO IR, checked: what stands in the .xml, before it means anything. */
import { DnnError } from '../../base/errors.ts';
import type { Shape } from '../../graph/graph.ts';
import { childOf, irError, type IrElement } from './ir-xml.ts';

/** One input or output of a layer. */
export interface IrPort {
  readonly id: string;
  /** Sizes, -1 where open; null where the file does not tell. */
  readonly shape: Shape;
  /** As `FP32`; empty where the file does not tell. */
  readonly precision: string;
  /** Names of the tensor that comes out of it. */
  readonly names: readonly string[];
}

/** Where an input comes from. */
export interface IrSource {
  readonly layer: IrLayer;
  /** Index of the output of that layer. */
  readonly output: number;
}

/** One layer; `sources` has one entry for each of `inputs`. */
export interface IrLayer {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly opset: string;
  readonly data: ReadonlyMap<string, string>;
  readonly inputs: readonly IrPort[];
  readonly outputs: readonly IrPort[];
  readonly sources: readonly IrSource[];
  readonly offset: number;
}

/** Ranks above this occur only in damaged files. */
const maximumRank = 32;

const oldestVersion = 10;

/** A size: a number, or open: `?`, `-1`, a range as `1..8`. */
export function parseDimension(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '?' || trimmed === '-1' || /^\d*\.\.\d*$/.test(trimmed)) return -1;
  const size = /^\d{1,15}$/.test(trimmed) ? Number(trimmed) : NaN;
  return size <= 2 ** 31 - 1 ? size : undefined;
}

/** A shape as the attribute `shape` has it: sizes and commas; nothing for a scalar. */
export function parseShape(text: string): number[] | undefined {
  if (text.trim() === '') return [];
  const sizes = text.split(',').map(parseDimension);
  return sizes.includes(undefined) || sizes.length > maximumRank ? undefined : (sizes as number[]);
}

/** Splits the names of a port at commas; a backslash keeps one. */
function portNames(text: string): string[] {
  const names = text.match(/(?:\\.|[^,\\])+/g) ?? [];
  return names.map((name) => name.replaceAll(/\\(.)/g, '$1')).filter((name) => !/\p{Cc}/u.test(name));
}

class NetworkReader {
  readonly #file: string;
  readonly #layers = new Map<string, IrLayer & { sources: IrSource[] }>();

  constructor(file: string) {
    this.#file = file;
  }

  error(what: string, { offset }: IrElement): DnnError {
    return irError(this.#file, what, offset);
  }

  #attribute(element: IrElement, name: string): string {
    const value = element.attributes.get(name);
    if (value === undefined) throw this.error(`a <${element.name}> without the attribute '${name}'`, element);
    if (/\p{Cc}/u.test(value)) throw this.error(`control characters in the attribute '${name}'`, element);
    return value;
  }

  #ports(layer: IrElement, side: 'input' | 'output'): IrPort[] {
    const ports = childOf(layer, side)?.children.filter(({ name }) => name === 'port') ?? [];
    return ports.map((port) => {
      const dims = port.children.filter(({ name }) => name === 'dim');
      const shape = dims.map(({ text }) => parseDimension(text));
      if (shape.includes(undefined) || shape.length > maximumRank) {
        throw this.error(`a port with the dimensions ${dims.map(({ text }) => text).join(', ')}`, port);
      }
      return {
        id: this.#attribute(port, 'id'),
        // A scalar has no dimensions; neither has a port of unknown rank, which no exporter leaves.
        shape: shape as number[],
        precision: port.attributes.get('precision') ?? '',
        names: portNames(port.attributes.get('names') ?? ''),
      };
    });
  }

  addLayer(element: IrElement): void {
    const id = this.#attribute(element, 'id');
    const name = this.#attribute(element, 'name');
    const type = this.#attribute(element, 'type');
    if (name === '' || type === '') throw this.error('a layer without a name or type', element);
    if (this.#layers.has(id)) throw this.error(`a second layer with the id ${id}`, element);
    this.#layers.set(id, {
      id,
      name,
      type,
      opset: element.attributes.get('version') ?? '',
      data: childOf(element, 'data')?.attributes ?? new Map<string, string>(),
      inputs: this.#ports(element, 'input'),
      outputs: this.#ports(element, 'output'),
      sources: [],
      offset: element.offset,
    });
  }

  addEdge(element: IrElement): void {
    const [from, to] = (['from', 'to'] as const).map((end) => {
      const id = this.#attribute(element, `${end}-layer`);
      const layer = this.#layers.get(id);
      if (layer === undefined) throw this.error(`an edge ${end} layer ${id}, which does not exist,`, element);
      const ports = end === 'from' ? layer.outputs : layer.inputs;
      const portId = this.#attribute(element, `${end}-port`);
      const port = ports.findIndex((candidate) => candidate.id === portId);
      if (port < 0) {
        throw this.error(
          `an edge ${end} port ${portId} of layer '${layer.name}', which has no such port,`,
          element,
        );
      }
      return { layer, port };
    }) as [{ layer: IrLayer; port: number }, { layer: IrLayer & { sources: IrSource[] }; port: number }];
    if (to.layer.sources[to.port] !== undefined) {
      throw this.error(`a second edge to port ${to.port} of layer '${to.layer.name}'`, element);
    }
    to.layer.sources[to.port] = { layer: from.layer, output: from.port };
  }

  layers(): IrLayer[] {
    for (const { name, inputs, sources, offset } of this.#layers.values()) {
      for (const [index, { id }] of inputs.entries()) {
        if (sources[index] === undefined) {
          throw irError(this.#file, `layer '${name}' has no edge to its port ${id}`, offset);
        }
      }
    }
    return [...this.#layers.values()];
  }
}

/** @throws DnnError `EINVAL` for another XML file, or an IR of a version before 10. */
function checkRoot(root: IrElement, file: string): void {
  const details = { option: 'model', file };
  if (root.name !== 'net' || childOf(root, 'layers') === undefined) {
    throw new DnnError(
      'EINVAL',
      `option model: '${file}' is an XML file, but no OpenVINO model (its root element is <${root.name}>` +
        `${root.name === 'net' ? ' without <layers>' : ' instead of <net>'}); give the .xml that \`ovc\` has written`,
      details,
    );
  }
  const version = Number(root.attributes.get('version') ?? NaN);
  if (!(version >= oldestVersion)) {
    throw new DnnError(
      'EINVAL',
      `model '${file}': an OpenVINO IR of version ${root.attributes.get('version') ?? '(none)'}, only 10 and 11 are read; ` +
        'convert the original model again with OpenVINO 2020.1 or later',
      details,
    );
  }
}

/**
 * Reads layers and edges.
 *
 * @returns the layers in file order, each with the sources of all its inputs.
 * @throws DnnError `EINVAL` with the place in the file.
 */
export function readIrNetwork(root: IrElement, file: string): IrLayer[] {
  checkRoot(root, file);
  const reader = new NetworkReader(file);
  for (const element of childOf(root, 'layers')!.children) {
    if (element.name === 'layer') reader.addLayer(element);
  }
  for (const element of childOf(root, 'edges')?.children ?? []) {
    if (element.name === 'edge') reader.addEdge(element);
  }
  return reader.layers();
}
