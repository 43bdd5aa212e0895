/**
 * Brings the floats of a picture from the bench page: as an array of numbers the driver
 * takes minutes for a large one.
 */
/* global window, Blob, FileReader -- in page.evaluate */
import { Buffer } from 'node:buffer';

/**
 * @param {import('playwright').Page} page
 * @param {'referenceResult' | 'gpuResult'} method of the page's bench
 * @returns {Promise<Float32Array>}
 */
export async function pageFloats(page, method) {
  const url = await page.evaluate(async (name) => {
    const floats = await window.bench[name]();
    /** @type {Promise<string>} */
    const read = new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => {
        resolve(/** @type {string} */ (reader.result));
      };
      reader.readAsDataURL(new Blob([/** @type {Float32Array<ArrayBuffer>} */ (floats)]));
    });
    return read;
  }, method);
  // A copy, since a Buffer may begin anywhere in its memory.
  const bytes = Uint8Array.from(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
  return new Float32Array(bytes.buffer);
}
