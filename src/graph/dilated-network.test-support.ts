/** Dilated convolutions as TensorFlow 1 exports them, for tests. */
import type { GraphNode } from './graph.ts';
import { convolution, floats, ints, node } from './graph-builder.test-support.ts';

/** One element of a vector: StridedSlice with a shrunk axis. */
function element(name: string, vector: string, index: number): GraphNode[] {
  return [
    ints(`${name}/b`, [index]),
    ints(`${name}/e`, [index + 1]),
    ints(`${name}/s`, [1]),
    node(name, 'StridedSlice', [vector, `${name}/b`, `${name}/e`, `${name}/s`], { shrink_axis_mask: 1 }),
  ];
}

/** Paddings along one axis: base before, base + what completes a block behind. */
function axisNodes(scope: string, axis: 1 | 2, dilation: number, before: number, after: number): GraphNode[] {
  const at = (label: string): string => `${scope}/${label}${axis}`;
  return [
    ...element(at('size'), `${scope}/shape`, axis),
    ints(at('block'), dilation),
    ints(at('before'), before),
    ints(at('base'), before + after),
    ints(at('behind'), after),
    node(at('full'), 'Add', [at('size'), at('base')]),
    node(at('mod'), 'FloorMod', [at('full'), at('block')]),
    node(at('rest'), 'Sub', [at('block'), at('mod')]),
    node(at('extra'), 'FloorMod', [at('rest'), at('block')]),
    node(at('end'), 'Add', [at('behind'), at('extra')]),
    node(at('padding'), 'Pack', [at('before'), at('end')], { axis: 0 }),
    ints(at('zero'), 0),
    node(at('crop'), 'Pack', [at('zero'), at('extra')], { axis: 0 }),
  ];
}

export interface DilatedOptions {
  readonly dilation: number;
  readonly kernel: readonly [number, number, number, number];
  /** Rows and columns of zeros before and after; SAME where left out. */
  readonly base?: readonly [number, number];
  readonly depthwise?: boolean;
  /** Op between the convolution and BatchToSpaceND. */
  readonly between?: string;
}

/** SpaceToBatchND – convolution – BatchToSpaceND with paddings computed from the size of `input`. */
export function dilated(name: string, input: string, options: DilatedOptions): GraphNode[] {
  const { dilation, kernel, depthwise = false, between } = options;
  const total = (kernel[0] - 1) * dilation;
  const [before, after] = options.base ?? [Math.floor(total / 2), total - Math.floor(total / 2)];
  const scope = `${name}/dilated`;
  const last = between === undefined ? `${scope}/conv` : `${scope}/between`;
  return [
    node(`${scope}/shape`, 'Shape', [input]),
    ...axisNodes(scope, 1, dilation, before, after),
    ...axisNodes(scope, 2, dilation, before, after),
    ints(`${scope}/block`, [dilation, dilation]),
    node(`${scope}/paddings`, 'Pack', [`${scope}/padding1`, `${scope}/padding2`], { axis: 0 }),
    node(`${scope}/crops`, 'Pack', [`${scope}/crop1`, `${scope}/crop2`], { axis: 0 }),
    node(`${scope}/s2b`, 'SpaceToBatchND', [input, `${scope}/block`, `${scope}/paddings`]),
    ...convolution(`${scope}/conv`, `${scope}/s2b`, kernel, { padding: 'VALID', depthwise }),
    ...(between === undefined
      ? []
      : [
          floats(`${scope}/bias`, [kernel[3]]),
          node(last, between, between === 'BiasAdd' ? [`${scope}/conv`, `${scope}/bias`] : [`${scope}/conv`]),
        ]),
    node(name, 'BatchToSpaceND', [last, `${scope}/block`, `${scope}/crops`]),
  ];
}
