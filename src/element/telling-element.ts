/** The events of `<ffmpeg-dnn>` with their types. */
import type { FFmpegDNNElementEventMap } from './element-events.ts';
import { ReflectingElement } from './reflecting-element.ts';

export abstract class TellingElement extends ReflectingElement {
  /** Listens to an event of this element. */
  override addEventListener<Name extends keyof FFmpegDNNElementEventMap>(
    type: Name,
    listener: (this: this, event: FFmpegDNNElementEventMap[Name]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** Listens to any other event. */
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: never,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener, options);
  }

  /** `error` stays at the element, as media elements have it. */
  protected tell<Name extends keyof FFmpegDNNElementEventMap>(
    type: Name,
    detail: FFmpegDNNElementEventMap[Name]['detail'],
  ): void {
    this.dispatchEvent(
      new CustomEvent(type, { detail, bubbles: type !== 'error', composed: type !== 'error' }),
    );
  }
}
