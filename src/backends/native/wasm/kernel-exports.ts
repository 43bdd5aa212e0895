/** The exports of wasm/assembly/index.ts, by name; addresses and sizes are in bytes unless said. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  /** First byte address that is free for the caller. */
  heapBase(): number;
  bytesToFloats(source: number, dest: number, count: number): void;
  floatsToBytes(source: number, dest: number, count: number): void;
  copyFloats(source: number, dest: number, length: number): void;
  /** `blocks`: address of `count` blocks of six int32, see copy-blocks.ts in wasm/assembly. */
  copyBlocks(blocks: number, count: number, source: number, dest: number): void;
  fillBlocks(blocks: number, count: number, value: number, dest: number): void;
  /** `op`: see layers/unary.ts; `count` in floats. */
  unary(op: number, source: number, dest: number, count: number, a: number, b: number): void;
  /** `op`: see layers/binary.ts; `outer` runs of `inner` values; steps in floats. */
  binary(
    op: number,
    a: number,
    b: number,
    dest: number,
    outer: number,
    inner: number,
    aOuter: number,
    aInner: number,
    bOuter: number,
    bInner: number,
  ): void;
  /** Bits 0, 1 and 2 of `inners`: steps of condition, a and b within a run. */
  select(
    condition: number,
    a: number,
    b: number,
    dest: number,
    outer: number,
    inner: number,
    conditionOuter: number,
    aOuter: number,
    bOuter: number,
    inners: number,
  ): void;
  /** One output row; `rows` input rows from `source` on are in the window. */
  pool(
    maximum: boolean,
    source: number,
    rows: number,
    width: number,
    channels: number,
    kernel: number,
    stride: number,
    left: number,
    dest: number,
    outWidth: number,
  ): void;
  /** One output row; `columns`: four words a pixel, see window-pool.ts in wasm/assembly; steps in bytes. */
  windowPool(
    maximum: boolean,
    source: number,
    rows: number,
    rowBytes: number,
    columns: number,
    columnBytes: number,
    channels: number,
    factor: number,
    dest: number,
    outWidth: number,
  ): void;
  /** `dest = weight * source`, or that added to it; `count` in floats. */
  addScaled(source: number, dest: number, count: number, weight: number, first: boolean): void;
  /** One row; `taps`: byte offset and weight, `count` pairs a pixel. */
  resampleRow(
    source: number,
    taps: number,
    count: number,
    width: number,
    channels: number,
    dest: number,
  ): void;
  /** `count` runs of `run` floats; see indexed.ts in wasm/assembly. */
  gatherIndexed(
    source: number,
    dest: number,
    bases: number,
    indices: number,
    count: number,
    period: number,
    depth: number,
    axes: number,
    run: number,
  ): void;
  /** `reduction`: 0 puts, 1 adds, 2 multiplies, 3 and 4 keep the larger and the smaller value. */
  scatterIndexed(
    updates: number,
    dest: number,
    bases: number,
    indices: number,
    count: number,
    depth: number,
    axes: number,
    run: number,
    reduction: number,
  ): void;
  /** Running sums along the middle of `[outer, size, inner]`. */
  cumulate(
    source: number,
    dest: number,
    outer: number,
    size: number,
    inner: number,
    exclusive: boolean,
    reverse: boolean,
  ): void;
  /** The index of the first largest (or smallest) value along the middle of `[outer, size, inner]`. */
  extremeIndex(
    source: number,
    dest: number,
    outer: number,
    size: number,
    inner: number,
    minimum: boolean,
  ): void;
  /** Local response normalisation of each pixel. */
  localResponse(
    source: number,
    dest: number,
    pixels: number,
    channels: number,
    radius: number,
    bias: number,
    alpha: number,
    beta: number,
  ): void;
  /** One row; `op`: 0 sum, 1 maximum, 2 minimum, 3 product. */
  reduce(
    op: number,
    source: number,
    dest: number,
    width: number,
    channels: number,
    overWidth: boolean,
    overChannels: boolean,
    first: boolean,
  ): void;
  /** One output row; `columns`: byte offsets left and right and the fraction, three words a pixel. */
  resizeBilinear(
    top: number,
    bottom: number,
    fraction: number,
    columns: number,
    width: number,
    channels: number,
    dest: number,
  ): void;
  /**
   * `weights`: `[outputs / 8][depth][8]`; `bias`: a value an output, both with zeros up to a multiple of 8.
   */
  matMul(
    source: number,
    weights: number,
    bias: number,
    dest: number,
    pixels: number,
    depth: number,
    outputs: number,
  ): void;
  /**
   * `[columns / panel][rows][panel]` of a matrix with these steps in floats,
   * with zeros behind the last column.
   */
  packPanels(
    source: number,
    dest: number,
    rows: number,
    columns: number,
    rowStep: number,
    columnStep: number,
    panel: number,
  ): void;
  softmax(logarithm: boolean, source: number, dest: number, pixels: number, channels: number): void;
  scaleShift(
    source: number,
    dest: number,
    pixels: number,
    channels: number,
    scale: number,
    shift: number,
  ): void;
  /** `channels` of the input. */
  concatenatedRelu(source: number, dest: number, pixels: number, channels: number): void;
  /**
   * One output row; `parameters`: see conv2d-params.ts in wasm/assembly; `residual` 0 where there is none.
   */
  conv2dRow(
    parameters: number,
    input: number,
    offsets: number,
    rows: number,
    row: number,
    out: number,
    residual: number,
    scratch: number,
  ): void;
  /** One group of rows from output row `from` on; `parameters`: see winograd-params.ts in wasm/assembly. */
  winogradRows(
    parameters: number,
    input: number,
    firstRow: number,
    from: number,
    out: number,
    residual: number,
    scratch: number,
  ): void;
  /** Bytes of scratch for `winogradRows`. */
  winogradScratch(inputs: number, outputs: number): number;
  /** One output row without activation; `channels` of the output. */
  depthwiseRow(
    input: number,
    rows: number,
    rowStep: number,
    weights: number,
    bias: number,
    out: number,
    channels: number,
    multiplier: number,
    width: number,
    inputWidth: number,
    firstColumn: number,
    stride: number,
    taps: number,
    dilation: number,
  ): void;
  /** In place; `mode`: see activation.ts in wasm/assembly; `residual` 0 where there is none. */
  activateRow(
    mode: number,
    at: number,
    residual: number,
    residualFirst: boolean,
    pixels: number,
    channels: number,
    low: number,
    high: number,
    slopes: number,
  ): void;
  /** Does nothing but independent multiply-adds; how many of single floats it did. */
  peak(rounds: number): number;
}
