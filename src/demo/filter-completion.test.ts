import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeFilter } from './filter-completion.ts';

const files = ['own.pb', 'labels.txt', 'tfjs/model.json', 'clip.mp4'];

/** The offers at `^`, and the text with the first one taken. */
function at(marked: string): { offers: string[]; taken: string } {
  const caret = marked.indexOf('^');
  const text = marked.replace('^', '');
  const { from, to, items } = completeFilter(text, caret, files);
  const offers = items.map((item) => item.text);
  return { offers, taken: text.slice(0, from) + (offers[0] ?? '') + text.slice(to) };
}

describe('what can stand in a filter chain', () => {
  it('names of filters, at the start and behind what separates', () => {
    expect(at('dnn_p^').taken).toBe('dnn_processing=');
    expect(at('format=rgb24,dnn_d^').taken).toBe('format=rgb24,dnn_detect=');
    expect(at('[in] sca^').taken).toBe('[in] scale=');
    expect(at('hflip;der^').taken).toBe('hflip;derain=');
    expect(at('^').offers).toContain('sr=');
  });

  it('options of the filter, also of a named instance and behind quotes', () => {
    expect(at('dnn_processing=mod^').taken).toBe('dnn_processing=model=');
    expect(at('dnn_processing@a=dnn_back^=x').taken).toBe('dnn_processing@a=dnn_backend==x');
    expect(at("dnn_detect=model='a,b:c':conf^").offers[0]).toBe('confidence=');
    expect(at(String.raw`dnn_detect=model=a\,b:conf^`).offers[0]).toBe('confidence=');
    expect(at('drawbox=box^').offers).toEqual(['box_source=side_data_detection_bboxes']);
    expect(at('scale=^').offers).toEqual([]);
  });

  it('values: words, switches, files of the right kind, pixel formats', () => {
    expect(at('dnn_processing=dnn_backend=t^').offers[0]).toBe('tensorflow');
    expect(at('dnn_processing=async=^').offers).toEqual(['1', '0']);
    expect(at('dnn_processing=model=^').offers).toEqual(['own.pb', 'tfjs/model.json']);
    expect(at('dnn_detect=labels=^').offers).toEqual(['labels.txt']);
    expect(at('dnn_processing=nosuch=^').offers).toEqual([]);
    expect(at('format=rgb24|gray^').offers).toContain('grayf32le');
    expect(at('format=^').offers).toContain('yuv420p');
  });

  it('the whole word is replaced, and what stands there is not offered', () => {
    expect(at('dnn_processing=model=ow^nothing.pb:input=x').taken).toBe(
      'dnn_processing=model=own.pb:input=x',
    );
    expect(at('format=rgb24^').offers).not.toContain('rgb24');
  });

  it('never fails, and stays inside of the text', () => {
    const words = fc.array(
      fc.constantFrom(...Array.from(",;:=|'\\[] @"), 'dnn_detect', 'model', 'format', 'x'),
    );
    fc.assert(
      fc.property(words, fc.nat(40), (parts, offset) => {
        const text = parts.join('');
        const caret = Math.min(offset, text.length);
        const { from, to } = completeFilter(text, caret, files);
        expect(from).toBeLessThanOrEqual(caret);
        expect(to).toBeGreaterThanOrEqual(caret);
        expect(to).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
