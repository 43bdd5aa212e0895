/** A DNN filter with its model, as planning sees it. */
import { modelChannels, type PixelFormat } from '../../frame/pixel-format.ts';
import { configureLinks, type DnnInstance } from '../instance/dnn-instance.ts';
import type { LocalFilter } from './local-filter.ts';

export function dnnLocalFilter(instance: DnnInstance): LocalFilter {
  return {
    text: instance.text,
    pixelFormats: instance.filter.pixelFormats,
    detects: instance.task.kind === 'analyse',
    takes: (format) => takesFormat(instance, format),
    linkBehind: (link) => configureLinks(instance, link).output,
  };
}

/** Whether a filter takes a format, and its model as many channels. */
export function takesFormat(
  { filter, input }: Pick<DnnInstance, 'filter' | 'input'>,
  format: PixelFormat,
): boolean {
  if (!filter.pixelFormats.includes(format)) return false;
  // A model that detects gets packed RGB, or its luma, of any format.
  if (filter.functionType !== 'process_frame') return true;
  const channels = input.dims[3];
  return channels < 1 || channels === modelChannels(format);
}
