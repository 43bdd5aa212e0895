/**
 * The networks that backends are compared on: the layers of well-known ones with random weights, since the
 * speed does not depend on what they have learnt. Each is described once, and built by a writer of
 * GraphDefs and by one of ONNX models.
 */

/**
 * @typedef {object} Convolution
 * @property {number} kernel rows and columns of the window
 * @property {number} from channels
 * @property {number} to channels
 * @property {number} [dilation]
 * @property {'same' | 'valid'} [padding] with zeros; 'same' unless said
 * @property {Activation} [activation]
 */

/** @typedef {'relu' | 'leaky' | 'tanh' | 'sigmoid'} Activation leaky with {@link leakySlope} */

/**
 * What builds a network: each method adds a layer and returns the name of its result.
 *
 * @typedef {object} NetworkBuilder
 * @property {(channels: number) => string} input the network's only one
 * @property {(input: string, by: number) => string} mirrorPad rows and columns on each
 * side, without repeating the edge
 * @property {(input: string, by: number) => string} edgePad rows and columns on
 * each side that repeat the edge
 * @property {(input: string, convolution: Convolution) => string} conv with a bias
 * @property {(inputs: readonly string[], channels: { from: number, to: number }) => string} sideBySideConv
 *   1x1 over tensors of `from` channels each; every format has it in the form that its users write
 * @property {(input: string, block: number) => string} depthToSpace as TensorFlow orders the channels
 * @property {(a: string, b: string) => string} add
 * @property {(a: string, b: string) => string} sub
 * @property {(inputs: readonly string[]) => string} concat channels
 * @property {(input: string, factor: number) => string} upsample by repeating pixels
 * @property {(input: string) => void} output
 */

/** @typedef {(net: NetworkBuilder) => void} NetworkDescription */

/** Of the values below zero, in leaky ReLU. */
export const leakySlope = 0.2;

/** @type {NetworkDescription} as FFmpeg's model zoo has it: twice the size */
export function espcn(net) {
  const padded = net.mirrorPad(net.input(1), 4);
  const one = net.conv(padded, { kernel: 5, from: 1, to: 64, padding: 'valid', activation: 'tanh' });
  const two = net.conv(one, { kernel: 3, from: 64, to: 32, padding: 'valid', activation: 'tanh' });
  const three = net.conv(two, { kernel: 3, from: 32, to: 4, padding: 'valid', activation: 'sigmoid' });
  net.output(net.depthToSpace(three, 2));
}

/** @type {NetworkDescription} as FFmpeg's model zoo has it */
export function srcnn(net) {
  const padded = net.mirrorPad(net.input(1), 6);
  const one = net.conv(padded, { kernel: 9, from: 1, to: 64, padding: 'valid', activation: 'relu' });
  const two = net.conv(one, { kernel: 1, from: 64, to: 32, padding: 'valid', activation: 'relu' });
  net.output(net.conv(two, { kernel: 5, from: 32, to: 1, padding: 'valid', activation: 'relu' }));
}

/** @type {NetworkDescription} the context aggregation network of FFmpeg's derain filter */
export function can(net) {
  const x = net.input(3);
  let last = net.conv(x, { kernel: 3, from: 3, to: 24, activation: 'leaky' });
  for (const dilation of [1, 2, 4, 8, 1])
    last = net.conv(last, { kernel: 3, from: 24, to: 24, dilation, activation: 'leaky' });
  net.output(net.sub(x, net.conv(last, { kernel: 1, from: 24, to: 3 })));
}

/** @type {NetworkDescription} UpscalerJS's esrgan-slim 2x */
export function esrganSlim(net) {
  const first = net.conv(net.input(3), { kernel: 3, from: 3, to: 64 });
  let last = net.conv(first, { kernel: 3, from: 64, to: 64 });
  const blocks = [1, 2].map(() => {
    const grown = net.conv(last, { kernel: 3, from: 64, to: 4, activation: 'relu' });
    const fused = net.conv(net.concat([last, grown]), { kernel: 1, from: 68, to: 64 });
    return (last = net.add(fused, last));
  });
  const global = net.conv(net.concat(blocks), { kernel: 1, from: 128, to: 64 });
  const features = net.add(net.conv(global, { kernel: 3, from: 64, to: 64 }), first);
  const one = net.conv(features, { kernel: 5, from: 64, to: 64, activation: 'relu' });
  const two = net.conv(one, { kernel: 3, from: 64, to: 32, activation: 'relu' });
  const three = net.conv(two, { kernel: 3, from: 32, to: 12 });
  net.output(net.conv(net.upsample(three, 2), { kernel: 3, from: 12, to: 3 }));
}

/**
 * Groups of four channels in a layer, and layers before the last, as
 * scripts/convert-default-models.mjs makes them.
 */
const anime4kSizes = /** @type {const} */ ({
  s: { chunks: 1, hidden: 3 },
  m: { chunks: 1, hidden: 7 },
  l: { chunks: 2, hidden: 7 },
});

/**
 * The layers of the default models: Anime4K 2x, whose CReLU is a convolution
 * with twice the channels and ReLU.
 *
 * @param {keyof typeof anime4kSizes} size
 * @returns {NetworkDescription}
 */
export function anime4k(size) {
  const { chunks, hidden } = anime4kSizes[size];
  const channels = 8 * chunks;
  return (net) => {
    const x = net.input(3);
    const activations = [];
    for (let layer = 0, last = x; layer < hidden; layer++) {
      const from = layer === 0 ? 3 : channels;
      last = net.conv(last, { kernel: 3, from, to: channels, activation: 'relu' });
      activations.push(last);
    }
    const detail =
      size === 's'
        ? net.conv(activations.at(-1) ?? x, { kernel: 3, from: channels, to: 12 })
        : net.sideBySideConv(activations, { from: channels, to: 12 });
    const enlarged = net.conv(net.edgePad(x, 1), { kernel: 3, from: 3, to: 12, padding: 'valid' });
    net.output(net.depthToSpace(net.add(enlarged, detail), 2));
  };
}
