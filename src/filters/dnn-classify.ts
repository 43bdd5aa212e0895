/**
 * The filter `dnn_classify`: a label for each box that was detected before; mirrors
 * libavfilter/vf_dnn_classify.c.
 */
import type { OptionTable } from '../base/option-table.ts';
import type { ClassifyOptions } from '../dnn/contract/analytics-spec.ts';
import { createDnnContext, type DnnEnvironment } from '../dnn/options/dnn-context.ts';
import { analyticsDnnOptions, analyticsTuningOptions } from '../dnn/options/dnn-options.ts';
import type { FilterNode } from '../filtergraph/filtergraph.ts';
import { pixelFormats } from '../frame/pixel-format.ts';
import { analyticsLinks, labelsOf } from './analytics-filter.ts';
import type { DnnFilter } from './dnn-filter.ts';
import type { AnalyticsContext } from './filter-context.ts';
import { parseOwnOptions } from './parse-own-options.ts';

const name = 'dnn_classify';

const dnnClassifyOptions = [
  ...analyticsDnnOptions,
  { name: 'target', type: 'string', help: 'label of the boxes to be classified' },
  ...analyticsTuningOptions,
] as const satisfies OptionTable;

export const dnnClassify: DnnFilter<AnalyticsContext> = {
  name,
  description: 'Apply DNN classify filter to the input.',
  functionType: 'analytics_classify',
  options: dnnClassifyOptions,
  pixelFormats,
  parse,
  ...analyticsLinks(name),
};

function parse(node: FilterNode, environment: DnnEnvironment): AnalyticsContext {
  const options = parseOwnOptions(dnnClassifyOptions, node, environment.log);
  const { confidence, labels, target } = options.values;
  const analytics: ClassifyOptions = {
    kind: 'classify',
    confidence,
    labels: [],
    ...(target === undefined ? {} : { target }),
  };
  const context = createDnnContext(node.name, options, environment, { mayFindNames: true });
  return { ...context, ...labelsOf(labels), analytics };
}
