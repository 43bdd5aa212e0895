/** What the module exports: one kernel a file, named as the op. */
export { heapBase } from './heap-base';
export { bytesToFloats } from './bytes-to-floats';
export { floatsToBytes } from './floats-to-bytes';
export { copyBlocks, copyFloats, fillBlocks } from './copy-blocks';
export { unary } from './unary';
export { binary } from './binary';
export { select } from './select';
export { pool } from './pool';
export { reduce } from './reduce';
export { resizeBilinear } from './resize-bilinear';
export { matMul } from './mat-mul';
export { softmax } from './softmax';
export { scaleShift } from './scale-shift';
export { concatenatedRelu } from './concatenated-relu';
export { conv2dRow } from './conv2d';
export { depthwiseRow } from './depthwise';
export { activateRow } from './activation-row';
export { peak } from './peak';
