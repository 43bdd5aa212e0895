/** The camera as a source: asked for by a button, given back by it. */
import { errorMessage } from '../base/errors.ts';
import { DnnError } from '../index.ts';
import { element } from './element.ts';

/** What the networks keep up with on many machines. */
const wanted = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 24 } };

export class Camera {
  readonly #button = element('camera', HTMLButtonElement);
  readonly #onChange: (stream: MediaStream | undefined) => void;
  #stream: MediaStream | undefined;

  /** @param onChange told of every start and end; what is thrown is given to `onError`. */
  constructor(onChange: (stream: MediaStream | undefined) => void, onError: (error: unknown) => void) {
    this.#onChange = onChange;
    this.#button.addEventListener('click', () => {
      this.#toggle().catch(onError);
    });
  }

  get stream(): MediaStream | undefined {
    return this.#stream;
  }

  stop(): void {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#set(undefined);
  }

  async #toggle(): Promise<void> {
    if (this.#stream !== undefined) {
      this.stop();
      return;
    }
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: wanted });
    } catch (error) {
      const hint = 'allow it for this page, and look whether another program holds it';
      throw new DnnError(
        'EIO',
        `The camera cannot be used (${errorMessage(error)}): ${hint}.`,
        {},
        { cause: error },
      );
    }
    for (const track of stream.getTracks()) {
      // Unplugged, or taken back by the person.
      track.addEventListener('ended', () => {
        if (this.#stream === stream) this.stop();
      });
    }
    this.#set(stream);
  }

  #set(stream: MediaStream | undefined): void {
    this.#stream = stream;
    const isOn = stream !== undefined;
    this.#button.setAttribute('aria-pressed', String(isOn));
    this.#button.textContent = isOn ? 'Leave the camera' : 'Use the camera';
    this.#onChange(stream);
  }
}
