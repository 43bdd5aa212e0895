/** The kernels of wasm/pixels with their memory. */
import { DnnError, errorMessage } from '../../base/errors.ts';

/** What wasm/pixels adds to the exports of wasm/assembly/index.ts; addresses and sizes in bytes. */
export interface PixelKernelExports {
  readonly memory: WebAssembly.Memory;
  /** Where the module's own data ends. */
  heapBase(): number;
  /** See wasm/pixels/read-rgb-row.ts; `width` in pixels. */
  readRgbRow(
    rgb: number,
    width: number,
    luma: number,
    chromaU: number,
    chromaV: number,
    factors: number,
  ): void;
  /** See wasm/pixels/blend-rows.ts; `width` in samples. */
  blendRows(
    rows: number,
    rowBytes: number,
    ringRows: number,
    first: number,
    coefficients: number,
    taps: number,
    dest: number,
    width: number,
  ): void;
  /** See wasm/pixels/write-rgb-rows.ts; `width` in pixels. */
  writeRgbRows(
    luma: number,
    lumaBytes: number,
    chromaU: number,
    chromaV: number,
    width: number,
    dest: number,
    destBytes: number,
    parameters: number,
  ): void;
}

const pageBytes = 65536;

/** One instance. Its memory is scratch: whoever converts a frame has all of it until it returns. */
export class PixelKernels {
  readonly run: PixelKernelExports;

  private constructor(run: PixelKernelExports) {
    this.run = run;
  }

  /**
   * @param bytes of the module.
   * @returns undefined where the engine has no SIMD.
   */
  static async load(bytes: Uint8Array<ArrayBuffer>): Promise<PixelKernels | undefined> {
    if (!WebAssembly.validate(bytes)) return undefined;
    const { exports } = await WebAssembly.instantiate(await WebAssembly.compile(bytes.buffer), {
      env: {
        abort: (): never => {
          throw new Error('a kernel was aborted');
        },
      },
    });
    return new PixelKernels(exports as unknown as PixelKernelExports);
  }

  /**
   * Lays blocks out behind each other, in memory that is there then.
   *
   * @param sizes of the blocks.
   * @returns their addresses, multiples of 16.
   * @throws DnnError `ENOMEM`.
   */
  place<const Sizes extends readonly number[]>(sizes: Sizes): { readonly [Index in keyof Sizes]: number } {
    let end = this.run.heapBase();
    const addresses = sizes.map((size) => {
      const address = Math.ceil(end / 16) * 16;
      end = address + size;
      return address;
    });
    this.#reserve(end);
    return addresses as { readonly [Index in keyof Sizes]: number };
  }

  /** All of the memory; good until the next {@link place}. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.run.memory.buffer);
  }

  #reserve(end: number): void {
    const { memory } = this.run;
    const missing = end - memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      memory.grow(Math.ceil(missing / pageBytes));
    } catch (thrown) {
      throw new DnnError(
        'ENOMEM',
        `There is no memory for ${end} bytes of a frame that is converted (${errorMessage(thrown)}): use smaller frames.`,
        { bytes: end },
        { cause: thrown },
      );
    }
  }
}
