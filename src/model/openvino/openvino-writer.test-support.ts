/** Writes OpenVINO models (.xml and .bin) for tests, layer by layer. */
import type { DataType, Tensor } from '../../graph/graph.ts';

/** One layer: its inputs by name, `name:1` for another output than the first. */
export interface TestLayer {
  readonly name: string;
  readonly type: string;
  readonly opset: string;
  readonly data: Readonly<Record<string, string | number>>;
  readonly inputs: readonly string[];
  /** One shape an output. */
  readonly outputs: readonly (readonly number[])[];
  readonly precision: string;
  readonly tensor?: Tensor;
  /** Names of the first output's tensor. */
  readonly names: readonly string[];
}

const elementTypes: Readonly<Partial<Record<DataType, string>>> = {
  float32: 'f32',
  float16: 'f16',
  int32: 'i64',
  uint8: 'u8',
  bool: 'boolean',
};

/** A layer with one output. */
export function layer(
  name: string,
  type: string,
  inputs: readonly string[],
  shape: readonly number[],
  data: TestLayer['data'] = {},
  opset = 'opset1',
): TestLayer {
  return { name, type, opset, data, inputs, outputs: [shape], precision: 'FP32', names: [] };
}

export function parameter(name: string, shape: readonly number[], type = 'f32'): TestLayer {
  const text = shape.map((size) => (size < 0 ? '?' : size)).join(',');
  const precision = type === 'u8' ? 'U8' : 'FP32';
  return { ...layer(name, 'Parameter', [], shape, { element_type: type, shape: text }), precision };
}

/** Integers are written as i64, as exporters do. */
export function constant(name: string, tensor: Tensor): TestLayer {
  const whole = !(tensor.data instanceof Float32Array);
  return { ...layer(name, 'Const', [], tensor.shape), tensor, precision: whole ? 'I64' : 'FP32' };
}

export function constantFloats(name: string, shape: readonly number[], values: ArrayLike<number>): TestLayer {
  return constant(name, { dtype: 'float32', shape, data: Float32Array.from(values) });
}

export function constantInts(name: string, values: readonly number[], shape = [values.length]): TestLayer {
  return constant(name, { dtype: 'int32', shape, data: Int32Array.from(values) });
}

export function result(input: string): TestLayer {
  return { ...layer(`${input}/sink_port_0`, 'Result', [input], []), outputs: [] };
}

/** A float's bits in 16, for values that 16 bits hold. */
function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size === 0) return sign;
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const fraction = Math.round(size * 2 ** (10 - exponent));
  return fraction < 1024 ? sign | fraction : sign | ((exponent + 15) << 10) | (fraction - 1024);
}

function bytesOf({ dtype, data }: Tensor, half: boolean): Uint8Array {
  if (data instanceof Float32Array) {
    return half
      ? new Uint8Array(Uint16Array.from(data, halfBits).buffer)
      : new Uint8Array(data.slice().buffer);
  }
  if (dtype === 'uint8' || dtype === 'bool') return Uint8Array.from(data as ArrayLike<number>);
  return new Uint8Array(BigInt64Array.from(Array.from(data as ArrayLike<number>, BigInt)).buffer);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** What is written. */
export interface WriteOptions {
  readonly version?: 10 | 11;
  /** Weights as f16, each behind a Convert, as `ovc` writes them. */
  readonly half?: boolean;
}

export interface IrFiles {
  readonly xml: string;
  readonly bin: Uint8Array;
}

/** In an FP16 model the constants of floats get another name, and a Convert gets theirs. */
function compressed(layers: readonly TestLayer[]): TestLayer[] {
  return layers.flatMap((entry) => {
    if (!(entry.tensor?.data instanceof Float32Array)) return [entry];
    const convert = layer(entry.name, 'Convert', [`${entry.name}/f16`], entry.tensor.shape, {
      destination_type: 'f32',
    });
    return [{ ...entry, name: `${entry.name}/f16`, precision: 'FP16' }, convert];
  });
}

function portXml(id: number, shape: readonly number[], precision: string, names: readonly string[]): string {
  const dims = shape.map((size) => `<dim>${size}</dim>`).join('');
  const named = names.length > 0 ? ` names="${escaped(names.join(','))}"` : '';
  return `<port id="${id}" precision="${precision}"${named}>${dims}</port>`;
}

/** Writes the layers; they must stand behind their inputs. */
export function writeIr(given: readonly TestLayer[], options: WriteOptions = {}): IrFiles {
  const { version = 10, half = false } = options;
  const layers = half ? compressed(given) : given;
  const ids = new Map(layers.map(({ name }, index) => [name, index]));
  const parts: Uint8Array[] = [];
  let offset = 0;
  const edges: string[] = [];
  const texts = layers.map((entry, id) => {
    const { name, type, opset, inputs, outputs, precision, tensor, names } = entry;
    const data: Record<string, string | number> = { ...entry.data };
    if (tensor !== undefined) {
      const bytes = bytesOf(tensor, precision === 'FP16');
      const element = precision === 'FP16' ? 'f16' : elementTypes[tensor.dtype]!;
      Object.assign(data, {
        element_type: element,
        shape: tensor.shape.join(', '),
        offset,
        size: bytes.length,
      });
      parts.push(bytes);
      offset += bytes.length;
    }
    const ins = inputs.map((input, port) => {
      const [, from = '', output = '0'] = /^(.*?)(?::(\d+))?$/.exec(input)!;
      const source = ids.get(from)!;
      const sourceLayer = layers[source]!;
      edges.push(
        `<edge from-layer="${source}" from-port="${sourceLayer.inputs.length + Number(output)}" to-layer="${id}" to-port="${port}"/>`,
      );
      return portXml(port, sourceLayer.outputs[Number(output)]!, sourceLayer.precision, []);
    });
    const outs = outputs.map((shape, index) =>
      portXml(inputs.length + index, shape, precision, version === 11 && index === 0 ? names : []),
    );
    const attributes = Object.entries(data).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
    return (
      `<layer id="${id}" name="${escaped(name)}" type="${type}" version="${opset}">` +
      (attributes.length > 0 ? `<data${attributes.join('')}/>` : '') +
      (ins.length > 0 ? `<input>${ins.join('')}</input>` : '') +
      (outs.length > 0 ? `<output>${outs.join('')}</output>` : '') +
      '</layer>'
    );
  });
  const bin = new Uint8Array(offset);
  let at = 0;
  for (const part of parts) {
    bin.set(part, at);
    at += part.length;
  }
  const xml =
    `<?xml version="1.0"?>\n<!-- a test -->\n<net name="test" version="${version}"><layers>\n${texts.join('\n')}\n</layers>\n` +
    `<edges>${edges.join('\n')}</edges><meta_data><MO_version value="test"/></meta_data></net>\n`;
  return { xml, bin };
}

/** Gives both files, as `m.xml` and `m.bin`. */
export function readingIr({ xml, bin }: IrFiles): (path: string) => Promise<Uint8Array> {
  return (path) => {
    if (path === 'm.xml') return Promise.resolve(new TextEncoder().encode(xml));
    if (path === 'm.bin') return Promise.resolve(bin);
    return Promise.reject(new Error('no such file'));
  };
}
