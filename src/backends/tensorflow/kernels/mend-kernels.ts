/** All kernels of this project, put in front of those of tfjs-backend-wasm. */
import { replaceCast } from './cast-kernel.ts';
import { replaceDepthToSpace } from './depth-to-space-kernel.ts';
import { replaceDilation } from './dilation-kernel.ts';
import { replaceElementwise } from './elementwise-kernels.ts';
import { checkGatherNd } from './gather-nd-kernel.ts';
import { keepNaN } from './nan-kernels.ts';
import { replacePrelu } from './prelu-kernel.ts';
import { replaceReductions } from './reduction-kernels.ts';
import { mendSamePadding } from './same-padding.ts';

/** To be called once a thread, after the backend has started. */
export function mendKernels(): void {
  replaceDepthToSpace();
  replaceCast();
  mendSamePadding();
  replaceDilation();
  replacePrelu();
  replaceElementwise();
  replaceReductions();
  keepNaN();
  checkGatherNd();
}
