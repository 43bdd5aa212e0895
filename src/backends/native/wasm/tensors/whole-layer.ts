/**
 * The frame of layers that compute their output at once, from whole inputs: of tensors that are no
 * pictures.
 */
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { Layer } from '../layer.ts';
import { rowAddress } from '../layers/layer-input.ts';
import { noRows } from '../layers/row-layer.ts';

/** What differs from layer to layer. */
export interface WholeLayer {
  readonly scratchBytes?: number;
  readonly multiplyAdds?: number;
  /** Computes the output at byte address `dest`; `sources` are those of the changing inputs. */
  run(sources: readonly number[], dest: number, scratch: number): void;
}

/** Makes such a layer. */
export function wholeLayer(spec: LayerSpec, parts: WholeLayer): Layer {
  const { inputs, output } = spec;
  return {
    output,
    rowGroup: output.height,
    multiplyAdds: parts.multiplyAdds ?? 0,
    inputRows: (input, from, to) => (to <= from ? noRows : { from: 0, to: inputs[input]!.height }),
    scratchBytes: () => parts.scratchBytes ?? 0,
    run(bands, band, _from, _to, scratch) {
      const sources = bands.map((own, index) => rowAddress(own, inputs[index]!, 0));
      parts.run(sources, rowAddress(band, output, 0), scratch);
    },
  };
}
