/** What `backend_configs=kernels=…` chooses: the build of the kernels, or the way of convolutions. */
import { DnnError } from '../../../base/errors.ts';
import type { NativeKernels } from '../../../dnn/contract/interface.ts';
import type { KernelChoice } from './layer.ts';
import { hasRelaxedSimd, type KernelBuild } from './load-kernels.ts';

/** @throws DnnError `ENOSYS` for `relaxed` where the engine has no relaxed SIMD. */
export function chosenBuild(kernels: NativeKernels): KernelBuild {
  if (kernels === 'simd') return 'simd';
  const relaxed = hasRelaxedSimd();
  if (kernels === 'relaxed' && !relaxed) {
    throw new DnnError(
      'ENOSYS',
      'backend_configs: kernels=relaxed needs relaxed SIMD, which this browser does not have; leave kernels out.',
      { option: 'kernels' },
    );
  }
  return relaxed ? 'relaxed' : 'simd';
}

/** Which convolution kernels may be chosen. */
export function convolutionChoice(kernels: NativeKernels): KernelChoice {
  return kernels === 'direct' || kernels === 'winograd' ? kernels : 'auto';
}
