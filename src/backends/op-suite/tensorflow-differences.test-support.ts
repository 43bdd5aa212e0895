/** Where the tensorflow backend is known to differ from TensorFlow. */
import type { Difference } from './difference.test-support.ts';

export const tensorflowDifferences: readonly Difference[] = [
  {
    op: 'BatchMatMulV2',
    instead: 'lists of matrices that both repeat: other values',
    kind: 'wrong',
    cases: ['BatchMatMulV2: of rank 5'],
  },
  {
    op: 'Conv2D',
    instead: 'groups: refused',
    kind: 'refused',
    cases: [
      'Conv2D: 3 groups of 1 to 2',
      'Conv2D: 4 groups of 1 to 1',
      'Conv2D: 2 groups of 3 to 5',
      'Conv2D: 3 groups of 4 to 4',
    ],
  },
  {
    op: 'Conv2DBackpropInput',
    instead: 'groups, dilations: refused',
    kind: 'refused',
    cases: [
      'Conv2DBackpropInput: 2 groups of 3 to 2, dilation 1',
      'Conv2DBackpropInput: 4 groups of 1 to 1, dilation 1',
      'Conv2DBackpropInput: 1 groups of 3 to 5, dilation 2',
      'Conv2DBackpropInput: 2 groups of 4 to 4, dilation 3',
    ],
  },
  {
    op: 'Conv2D',
    instead: 'strides and dilations at once: refused',
    kind: 'refused',
    cases: ['Conv2D: 3x3 by 2x2, dilation 2x2, SAME'],
  },
  {
    op: 'FusedDepthwiseConv2dNative',
    instead: 'fused LeakyRelu: refused',
    kind: 'refused',
    cases: ['FusedDepthwiseConv2dNative: LeakyRelu'],
  },
  {
    op: 'MatrixBandPart',
    instead: 'leaves values of the band out',
    kind: 'wrong',
    cases: ['MatrixBandPart: a band'],
  },
  {
    op: 'OneHot',
    instead: 'values of its own that are no whole numbers become others',
    kind: 'wrong',
    cases: ['OneHot: of whole numbers'],
  },
  {
    op: 'Relu6',
    instead: 'fused with a convolution: NaN becomes a number',
    kind: 'wrong',
    cases: [
      'Relu6: behind Conv2D 3x3, NaN',
      'Relu6: behind Conv2D 1x1, NaN',
      'Relu6: behind DepthwiseConv2dNative 3x3, NaN',
      'Relu6: behind Conv2D 3x3 of 16 channels, all NaN',
    ],
  },
  {
    op: 'Relu',
    instead: 'fused with a convolution: NaN becomes a number',
    kind: 'wrong',
    cases: ['Relu: behind DepthwiseConv2dNative 3x3, NaN'],
  },
  {
    op: 'FusedDepthwiseConv2dNative',
    instead: 'NaN becomes a number',
    kind: 'wrong',
    cases: ['FusedDepthwiseConv2dNative: Relu', 'FusedDepthwiseConv2dNative: Relu6'],
  },
  {
    op: 'StridedSlice',
    instead: 'backwards in a tensor of rank 6: other values',
    kind: 'wrong',
    cases: ['StridedSlice: a place of rank 6, backwards'],
  },
  {
    op: '_FusedConv2D',
    instead: 'NaN becomes a number',
    kind: 'wrong',
    cases: ['_FusedConv2D: Relu6'],
  },
];
