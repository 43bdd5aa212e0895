/** What the filters that look at frames and leave them as they are have in common. */
import type { DnnFilter, VideoLink } from './dnn-filter.ts';
import type { AnalyticsContext } from './filter-context.ts';
import { modelInputSize } from './model-input-size.ts';

/** The part of a context that the option `labels` makes. */
export function labelsOf(path: string | undefined): Pick<AnalyticsContext, 'labels'> {
  return path === undefined || path === '' ? {} : { labels: path };
}

/** The checks of links for a filter of this name: frames of any size are taken, and go on unchanged. */
export function analyticsLinks(name: string): Pick<DnnFilter, 'configInput' | 'configOutput'> {
  return {
    configInput(context, input, model): void {
      modelInputSize(name, context, input, model);
    },
    configOutput: (_context, input): VideoLink => input,
  };
}
