/** Images of floats with channels last, as TensorFlow has them, and channels first, as ONNX has them. */

/**
 * @param {Float32Array} image channels last
 * @param {number} channels
 */
export function channelsFirst(image, channels) {
  const pixels = image.length / channels;
  const result = new Float32Array(image.length);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let channel = 0; channel < channels; channel++)
      result[channel * pixels + pixel] = image[pixel * channels + channel] ?? NaN;
  return result;
}

/**
 * @param {Float32Array} image channels first
 * @param {number} channels
 */
export function channelsLast(image, channels) {
  // The transpose of a matrix the other way round.
  return channelsFirst(image, image.length / channels);
}
