import type { OperatorShapes } from '../../records/kineto/kineto-trace.ts';

/** Work of one call of an operator, from its shapes: an ideal, not a measurement. */
export interface OperatorCost {
  flops: number;
  /** Every input read once and the output written once. */
  bytes: number;
  /** Element type of the first tensor. */
  type: string;
}

/** Bytes of an element, by the names that PyTorch profilers write. */
const BYTES: Readonly<Record<string, number>> = {
  double: 8,
  float: 4,
  'c10::half': 2,
  'c10::bfloat16': 2,
  int: 4,
  'long int': 8,
  'signed char': 1,
  'unsigned char': 1,
  'c10::float8_e4m3fn': 1,
  'c10::float8_e4m3fnuz': 1,
  'c10::float8_e5m2': 1,
};

type Dims = readonly number[];
interface Shape {
  flops: number;
  output: Dims;
}
type Rule = (shapes: OperatorShapes) => Shape | null;

const product = (dims: Dims): number => dims.reduce((a, b) => a * b, 1);

/** [..., m, k] x [..., k, n]: 2mkn multiply-adds each; batch from the larger operand. */
const multiply =
  (left: number, right: number): Rule =>
  ({ dims }) => {
    const [a, b] = [dims[left] ?? [], dims[right] ?? []];
    const [m, k] = a.slice(-2);
    const [kb, n] = b.slice(-2);
    if (m === undefined || k === undefined || n === undefined || k !== kb) return null;
    const [batchA, batchB] = [a.slice(0, -2), b.slice(0, -2)];
    const batch = batchA.length >= batchB.length ? batchA : batchB;
    return { flops: 2 * product(batch) * m * k * n, output: [...batch, m, n] };
  };

/** Input [..., k] and weight [n, k]. */
const linear: Rule = ({ dims }) => {
  const [input, weight] = [dims[0] ?? [], dims[1] ?? []];
  const k = input.at(-1);
  const [n, kw] = weight;
  if (k === undefined || n === undefined || k !== kw) return null;
  const rows = product(input.slice(0, -1));
  return { flops: 2 * rows * k * n, output: [...input.slice(0, -1), n] };
};

/** Input [N, C, ...], weight [K, C/groups, ...]; stride, padding, dilation at these places. */
const convolution =
  (strideAt: number, paddingAt: number, dilationAt: number): Rule =>
  ({ dims, concrete }) => {
    const [input, weight] = [dims[0] ?? [], dims[1] ?? []];
    const [stride, padding] = [listOf(concrete[strideAt]), listOf(concrete[paddingAt])];
    const dilation = listOf(concrete[dilationAt]);
    const spatial = input.slice(2).map((size, i) => {
      const reach = (dilation[i] ?? Number.NaN) * ((weight[i + 2] ?? Number.NaN) - 1) + 1;
      return Math.floor((size + 2 * (padding[i] ?? Number.NaN) - reach) / (stride[i] ?? 1)) + 1;
    });
    const [batch, outputs] = [input[0], weight[0]];
    if (spatial.length === 0 || !spatial.every((size) => size > 0)) return null;
    if (batch === undefined || outputs === undefined) return null;
    const output = [batch, outputs, ...spatial];
    return { flops: 2 * product(output) * product(weight.slice(1)), output };
  };

/** Gradients of input and weight: each as much as the forward pass. */
const convolutionBackward: Rule = ({ dims }) => {
  const [gradient, input, weight] = [dims[0] ?? [], dims[1] ?? [], dims[2] ?? []];
  if (gradient.length < 3 || weight.length !== gradient.length) return null;
  return { flops: 4 * product(gradient) * product(weight.slice(1)), output: input };
};

/** Queries [B, H, S, D] against keys [B, H, T, D]: two products. */
const attention: Rule = ({ dims }) => {
  const [query, key] = [dims[0] ?? [], dims[1] ?? []];
  if (query.length !== 4 || key.length !== 4) return null;
  return { flops: 4 * product(query) * (key[2] ?? 0), output: query };
};

const RULES: Readonly<Record<string, Rule>> = {
  'aten::mm': multiply(0, 1),
  'aten::addmm': multiply(1, 2),
  'aten::bmm': multiply(0, 1),
  'aten::baddbmm': multiply(1, 2),
  'aten::matmul': multiply(0, 1),
  'aten::linear': linear,
  'aten::conv2d': convolution(3, 4, 5),
  'aten::convolution': convolution(3, 4, 5),
  'aten::cudnn_convolution': convolution(3, 2, 4),
  'aten::convolution_backward': convolutionBackward,
  'aten::scaled_dot_product_attention': attention,
  'aten::_scaled_dot_product_flash_attention': attention,
  'aten::_scaled_dot_product_efficient_attention': attention,
};

/** Operators whose work their shapes tell. */
export const hasCost = (name: string): boolean => name in RULES;

/** Null when the shapes recorded do not suffice. */
export function operatorCost(name: string, shapes: OperatorShapes): OperatorCost | null {
  const shape = RULES[name]?.(shapes) ?? null;
  const type = shapes.types[0]?.toLowerCase() ?? '';
  const size = BYTES[type];
  if (shape === null || size === undefined || !(shape.flops > 0)) return null;
  const read = shapes.dims.reduce((sum, dims, i) => {
    const bytes = BYTES[shapes.types[i]?.toLowerCase() ?? ''];
    return dims.length === 0 || bytes === undefined ? sum : sum + product(dims) * bytes;
  }, 0);
  return { flops: shape.flops, bytes: read + product(shape.output) * size, type };
}

/** `[1, 2]` as numbers; one that is no list of numbers is empty. */
function listOf(text: string | undefined): number[] {
  if (text === undefined || !/^\[[\d, -]+\]$/.test(text)) return [];
  return text.slice(1, -1).split(',').map(Number);
}
