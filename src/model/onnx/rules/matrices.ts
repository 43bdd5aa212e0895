/** Products of matrices. */
import type { OnnxRule, OnnxTranslation } from '../onnx-translation.ts';

/** The product of two tensors of any rank, as numpy's matmul gives it. */
export function multiply(node: OnnxTranslation, one: string, other: string): string {
  const [a, b] = [node.rankOf(one), node.rankOf(other)];
  const left = a === 1 ? node.add('ExpandDims', [one, node.addInts(0)]) : one;
  const right = b === 1 ? node.add('ExpandDims', [other, node.addInts(1)]) : other;
  const flat = Math.max(a, 2) === 2 && Math.max(b, 2) === 2;
  const product = flat
    ? node.add('MatMul', [left, right], { transpose_a: false, transpose_b: false })
    : node.add('BatchMatMulV2', [left, right], { adj_x: false, adj_y: false });
  const dropped = [...(a === 1 ? [-2] : []), ...(b === 1 ? [-1] : [])];
  return dropped.length === 0 ? product : node.add('Squeeze', [product], { squeeze_dims: dropped });
}

/** alpha · a · b + beta · c */
const gemm: OnnxRule = (node) => {
  const [alpha, beta] = [node.float('alpha', 1), node.float('beta', 1)];
  const left = node.flag('transA', false) ? node.addTranspose(node.input(0), [1, 0]) : node.input(0);
  const attrs = { transpose_a: false, transpose_b: node.flag('transB', false) };
  const product = node.add('MatMul', [left, node.input(1)], attrs);
  const scaled = alpha === 1 ? product : node.add('Mul', [product, node.addNumber(alpha)]);
  if (!node.has(2) || beta === 0) return scaled;
  const shape = node.shape(2);
  const summand = beta === 1 ? node.input(2) : node.add('Mul', [node.input(2), node.addNumber(beta)]);
  const isBias = shape?.length === 1 && shape[0] === node.shapeOf(product)?.[1];
  return node.add(isBias && node.isFloat(0) ? 'BiasAdd' : 'AddV2', [scaled, summand]);
};

export const matrixRules: Readonly<Record<string, OnnxRule>> = {
  MatMul: (node) => multiply(node, node.input(0), node.input(1)),
  Gemm: gemm,
};
