/** The attributes of `<ffmpeg-dnn>` as properties. */
import { isStream } from './element-source.ts';
import { fileNameOf } from './fetch-blob.ts';
import { isPicture, mediaType } from './media-type.ts';
import {
  formatOfName,
  resultFormat,
  resultQuality,
  type ResultFormat,
  type ResultQuality,
  type ResultWish,
} from './result/result-wish.ts';

/** Importing this file where there is no page, as a server does, must not fail: it has no HTMLElement. */
const Base: typeof HTMLElement =
  typeof HTMLElement === 'function' ? HTMLElement : (Object as unknown as typeof HTMLElement);

const texts = [
  ...['src', 'filter', 'models', 'mode', 'format', 'quality'],
  ...['output', 'filename', 'fallback'],
] as const;
const switches = ['autoplay', 'controls', 'compare', 'overlay', 'muted', 'loop'] as const;

/** Properties that are attributes, and the source that cannot be one. */
export abstract class ReflectingElement extends Base {
  #srcObject: MediaStream | Blob | null = null;
  /** @internal Whether the source is a picture, where it was opened: an address does not always tell. */
  protected isPictureOpened: boolean | undefined;

  /** @internal */
  static readonly observedAttributes: readonly string[] = [...texts, ...switches];

  /** Address of a video or picture, relative to the page. */
  get src(): string {
    return this.getAttribute('src') ?? '';
  }
  set src(value: string) {
    this.setAttribute('src', value);
  }
  /** Filter chain, as behind ffmpeg's `-vf`. */
  get filter(): string {
    return this.getAttribute('filter') ?? '';
  }
  set filter(value: string) {
    this.setAttribute('filter', value);
  }
  /** Addresses of model and label files, separated by blanks. */
  get models(): string {
    return this.getAttribute('models') ?? '';
  }
  set models(value: string) {
    this.setAttribute('models', value);
  }
  /** Live mode: lighter filters separated by `|`, to step down to. */
  get fallback(): string {
    return this.getAttribute('fallback') ?? '';
  }
  set fallback(value: string) {
    this.setAttribute('fallback', value);
  }
  /** Whether it starts as soon as there is something to work on. */
  get autoplay(): boolean {
    return this.hasAttribute('autoplay');
  }
  set autoplay(value: boolean) {
    this.toggleAttribute('autoplay', value);
  }
  /** Whether buttons, progress and figures are shown. */
  get controls(): boolean {
    return this.hasAttribute('controls');
  }
  set controls(value: boolean) {
    this.toggleAttribute('controls', value);
  }
  /** Whether before and after are shown with a divider. */
  get compare(): boolean {
    return this.hasAttribute('compare');
  }
  set compare(value: boolean) {
    this.toggleAttribute('compare', value);
  }
  /** Whether boxes of what was detected are shown over the result. */
  get overlay(): boolean {
    return this.hasAttribute('overlay');
  }
  set overlay(value: boolean) {
    this.toggleAttribute('overlay', value);
  }
  /** Whether players are muted. */
  get muted(): boolean {
    return this.hasAttribute('muted');
  }
  set muted(value: boolean) {
    this.toggleAttribute('muted', value);
  }
  /** Whether players start again at the end. */
  get loop(): boolean {
    return this.hasAttribute('loop');
  }
  set loop(value: boolean) {
    this.toggleAttribute('loop', value);
  }

  /** `file` or `live`, also where the attribute does not say it. */
  get mode(): 'file' | 'live' {
    const given = this.getAttribute('mode');
    if (given === 'file' || given === 'live') return given;
    return isStream(this.#srcObject) ? 'live' : 'file';
  }
  set mode(value: 'file' | 'live') {
    this.setAttribute('mode', value);
  }
  /** Container of the result: what the ending of `filename` says, else the attribute, else `mp4`. */
  get format(): ResultFormat {
    const byName = formatOfName(this.getAttribute('filename') ?? '');
    return byName ?? resultFormat(this.getAttribute('format')) ?? 'mp4';
  }
  set format(value: ResultFormat) {
    this.setAttribute('format', value);
  }
  /** How much the result may take for how it looks: `good` where the attribute does not say it. */
  get quality(): ResultQuality {
    return resultQuality(this.getAttribute('quality')) ?? 'good';
  }
  set quality(value: ResultQuality) {
    this.setAttribute('quality', value);
  }
  /** ffmpeg's options of the output, in place of `format` and `quality`; empty where there are none. */
  get output(): string {
    return this.getAttribute('output') ?? '';
  }
  set output(value: string) {
    this.setAttribute('output', value);
  }
  /**
   * Name of the result; where the attribute is left out `enhanced` with the ending of `format`, for a picture
   * `enhanced.png`.
   */
  get filename(): string {
    const given = this.getAttribute('filename');
    return given ?? (this.#isPictureSource() ? 'enhanced.png' : `enhanced.${this.format}`);
  }
  set filename(value: string) {
    this.setAttribute('filename', value);
  }
  /** What is worked on instead of `src`: a file, a picture, or a stream, whose tracks stay the caller's. */
  get srcObject(): MediaStream | Blob | null {
    return this.#srcObject;
  }
  set srcObject(value: MediaStream | Blob | null) {
    this.#srcObject = value;
    this.sourceChanged();
  }

  /** @internal ffmpeg's options of the output where the page gives them, else what is wanted. */
  protected get wantedOutput(): string | ResultWish {
    const { filename, quality } = this;
    if (this.hasAttribute('output') || mediaType(filename).startsWith('image/')) return this.output;
    return { format: formatOfName(filename), quality };
  }

  /** @internal Something else is to be worked on. */
  protected abstract sourceChanged(): void;

  #isPictureSource(): boolean {
    if (this.isPictureOpened !== undefined) return this.isPictureOpened;
    const given = this.#srcObject;
    if (given instanceof File) return isPicture(given, given.name);
    if (given instanceof Blob) return isPicture(given);
    return given === null && this.src !== '' && mediaType(fileNameOf(this.src)).startsWith('image/');
  }
}
