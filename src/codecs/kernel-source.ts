/** The kernels of a codec worker, which are fetched once. */
import { download } from '../base/download.ts';
import { PixelKernels } from '../frame/pixel-kernels/pixel-kernels.ts';

/** Before it is told where they are there are none: frames are then converted without them. */
export class KernelSource {
  #kernels: Promise<PixelKernels | undefined> = Promise.resolve(undefined);

  /**
   * Fetches the kernels.
   * @throws DnnError as of {@link download}.
   */
  async fetch(url: string): Promise<void> {
    this.#kernels = download(url, async (response) =>
      PixelKernels.load(new Uint8Array(await response.arrayBuffer())),
    );
    await this.#kernels;
  }

  /**
   * @returns undefined where the engine has no SIMD.
   * @throws as {@link fetch} has.
   */
  loaded(): Promise<PixelKernels | undefined> {
    return this.#kernels;
  }
}
