/** Models of the native backend, for tests in Node. */
import type { DNNModelSpec } from '../../../dnn/contract/interface.ts';
import { testKernels } from './kernels.test-support.ts';
import { layerTable } from './layer-table.ts';
import type { KernelChoice, LayerFactory } from './layer.ts';
import type { KernelBuild } from './load-kernels.ts';
import { NativeModel } from './native-model.ts';
import type { LayerTable } from './sized-network.ts';

/**
 * The layers with rows in groups, as Winograd's tiles are, although they need
 * none: any rows make groups of rows.
 */
function tableWithGroups(rowGroup: number): LayerTable {
  const grouped = (factory: LayerFactory): LayerFactory => {
    return (spec, context) => ({ ...factory(spec, context), rowGroup });
  };
  return new Map([...layerTable].map(([op, factory]) => [op, op === 'Conv2D' ? grouped(factory) : factory]));
}

/** A model on a new instance of the kernels. @param rowGroup convolutions run in groups of so many rows. */
export function nativeModel(
  spec: DNNModelSpec,
  stripRows?: number,
  kernelChoice: KernelChoice = 'auto',
  build: KernelBuild = 'relaxed',
  rowGroup?: number,
): NativeModel {
  return new NativeModel({
    spec,
    table: rowGroup === undefined ? layerTable : tableWithGroups(rowGroup),
    kernelChoice,
    instantiate: () => testKernels(build),
    ...(stripRows === undefined ? {} : { stripRows }),
  });
}
