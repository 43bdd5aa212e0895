/** Which operands exist when a layer runs, and how many channels each has; FFmpeg checks neither. */
import type { NativeLayer, NativeModel } from './native-model.ts';
import type { NativeReader } from './native-reader.ts';

/** Channels of an operand: a number, unknown, or as many as an input whose number is still open has. */
type Channels = number | 'unknown' | { readonly input: number };

/** Layers that compute in place without reading what they have overwritten. */
const inPlace = new Set(['maximum', 'math_binary', 'math_unary']);

/** Walks the layers in the order in which they run. */
class ChannelWalk {
  readonly #model: NativeModel;
  readonly #reader: NativeReader;
  readonly #current = new Map<number, Channels>();
  readonly #inputs: Map<number, number>;

  constructor(model: NativeModel, reader: NativeReader, inputs: Map<number, number>) {
    this.#model = model;
    this.#reader = reader;
    this.#inputs = inputs;
    for (const [index, { role, dims }] of model.operands.entries()) {
      if (role !== 'input') continue;
      if (dims[3] > 0) inputs.set(index, dims[3]);
      this.#current.set(index, inputs.get(index) ?? { input: index });
    }
  }

  run(): void {
    for (const [number, layer] of this.#model.layers.entries()) {
      this.#checkOperands(layer, number);
      this.#current.set(layer.output, this.#output(layer, number));
    }
    for (const [index, { name, offset }] of this.#model.operands.entries()) {
      if (!this.#current.has(index)) throw this.#reader.error(`no layer writes operand '${name}'`, offset);
    }
  }

  #checkOperands(layer: NativeLayer, number: number): void {
    const label = `layer ${number} (${layer.kind})`;
    const name = (index: number): string => this.#model.operands[index]!.name;
    for (const input of layer.inputs) {
      if (!this.#current.has(input)) {
        throw this.#reader.error(
          `${label} reads operand '${name(input)}' before it is written`,
          layer.offset,
        );
      }
    }
    if (this.#model.operands[layer.output]!.role === 'input') {
      throw this.#reader.error(`${label} overwrites the input operand '${name(layer.output)}'`, layer.offset);
    }
    if (layer.inputs.includes(layer.output) && !inPlace.has(layer.kind)) {
      throw this.#reader.error(
        `${label} overwrites operand '${name(layer.output)}' while it reads it`,
        layer.offset,
      );
    }
  }

  #channels(index: number): Channels {
    const channels = this.#current.get(index)!;
    return typeof channels === 'object' ? (this.#inputs.get(channels.input) ?? channels) : channels;
  }

  #output(layer: NativeLayer, number: number): Channels {
    const channels = this.#channels(layer.inputs[0]!);
    const fail = (what: string): Error =>
      this.#reader.error(`layer ${number} (${layer.kind}) ${what}`, layer.offset);
    const name = (index: number): string => this.#model.operands[layer.inputs[index]!]!.name;
    switch (layer.kind) {
      case 'conv2d':
      case 'dense':
        if (typeof channels === 'object') this.#inputs.set(channels.input, layer.inChannels);
        else if (channels !== 'unknown' && channels !== layer.inChannels) {
          throw fail(
            `has weights for ${layer.inChannels} input channels, but operand '${name(0)}' has ${channels}`,
          );
        }
        return layer.outChannels;
      case 'depth_to_space': {
        if (typeof channels !== 'number') return 'unknown';
        const square = layer.blockSize * layer.blockSize;
        if (channels % square !== 0) throw fail(`cannot divide ${channels} channels by ${square}`);
        return channels / square;
      }
      case 'mirror_pad': {
        const [before, after] = [layer.paddings[6]!, layer.paddings[7]!];
        if (before + after === 0) return channels;
        return typeof channels === 'number' ? channels + before + after : 'unknown';
      }
      case 'math_binary': {
        const other = layer.inputs.length === 2 ? this.#channels(layer.inputs[1]!) : channels;
        if (typeof channels === 'number' && typeof other === 'number' && channels !== other) {
          throw fail(`takes '${name(0)}' of ${channels} channels and '${name(1)}' of ${other}`);
        }
        return typeof channels === 'number' ? channels : other;
      }
      case 'maximum':
      case 'math_unary':
      case 'avg_pool':
        return channels;
    }
  }
}

/**
 * Checks that layers fit each other.
 *
 * @returns channels of the input operands by index, from the table or from the first
 * layer with weights that reads one.
 * @throws DnnError `EINVAL` with the byte offset of the layer that does not fit.
 */
export function resolveChannels(model: NativeModel, reader: NativeReader): ReadonlyMap<number, number> {
  const inputs = new Map<number, number>();
  // The second walk compares what stands before the layer that told the number of channels.
  for (let walk = 0; walk < 2; walk++) new ChannelWalk(model, reader, inputs).run();
  return inputs;
}
