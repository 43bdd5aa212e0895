/**
 * tfjs on WebGL and WebGPU, in a Chromium of its own: the usual one of the
 * benchmarks keeps away from the GPU.
 */
/* global window -- in page.evaluate */
import { chromium } from 'playwright';
import { browserArguments, findBrowser } from '../scripts/find-browser.mjs';
import { largestDifference } from './largest-difference.mjs';
import { pageFloats } from './page-floats.mjs';

/** @typedef {import('./bench-api.ts').BenchNetwork} BenchNetwork */
/** @typedef {import('./bench-api.ts').GpuBackendName} GpuBackendName */
/** @typedef {import('./time-frames.mjs').Effort} Effort */

/**
 * A driver may be on the browser's list of bad ones: the benchmark says which
 * adapter it was, and lets it try.
 */
export const gpuArguments = [
  '--ignore-gpu-blocklist',
  '--enable-unsafe-webgpu',
  '--enable-unsafe-swiftshader',
];

/**
 * Whether an adapter's name is that of a program that runs on the CPU.
 *
 * @param {string} adapter
 */
export function isSoftware(adapter) {
  return /swiftshader|llvmpipe|lavapipe|softpipe|software|warp/i.test(adapter);
}

export class GpuBrowser {
  /** @readonly */
  #browser;
  /** @readonly */
  #address;

  /** @param {import('playwright').Browser} browser @param {string} address */
  constructor(browser, address) {
    this.#browser = browser;
    this.#address = address;
  }

  /** @param {string} address of the bench page, whose server runs */
  static async start(address) {
    const executablePath = await findBrowser();
    const usual = browserArguments().filter((argument) => argument !== '--disable-gpu');
    const browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [...usual, ...gpuArguments],
    });
    return new GpuBrowser(browser, address);
  }

  /**
   * @param {GpuBackendName} backend
   * @returns {Promise<string | undefined>} the adapter's name
   */
  async adapter(backend) {
    const page = await this.#open();
    const name = await page.evaluate((wanted) => window.bench.gpuAdapter(wanted), backend);
    await page.close();
    return name;
  }

  /**
   * Loads a network on a page of its own.
   *
   * @param {GpuBackendName} backend
   * @param {BenchNetwork} network
   * @param {Effort} effort
   * @throws {Error} where there is no adapter or tfjs fails on it
   */
  async load(backend, network, effort) {
    const page = await this.#open();
    const { firstMs } = await page.evaluate(
      ([name, given, length]) => window.bench.startGpu(name, given, length),
      /** @type {const} */ ([backend, network, effort]),
    );
    return new GpuPeer(page, firstMs);
  }

  async close() {
    await this.#browser.close();
  }

  async #open() {
    const page = await this.#browser.newPage();
    await page.goto(this.#address);
    return page;
  }
}

export class GpuPeer {
  /** Milliseconds from loading tfjs and the network to its first result. @readonly */
  firstMs;
  /** @readonly */
  #page;

  /** @param {import('playwright').Page} page @param {number} firstMs */
  constructor(page, firstMs) {
    this.#page = page;
    this.firstMs = firstMs;
  }

  /** @param {Float32Array} reference channels last */
  async differenceFrom(reference) {
    return largestDifference(await pageFloats(this.#page, 'gpuResult'), reference);
  }

  /** Milliseconds of a frame. */
  round() {
    return this.#page.evaluate(() => window.bench.gpuRound());
  }

  close() {
    return this.#page.close();
  }
}
