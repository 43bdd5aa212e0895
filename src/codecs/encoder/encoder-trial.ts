/** Finds a configuration that an encoder really takes: one real frame decides, not the browser's word. */
import { DnnError, errorCode } from '../../base/errors.ts';
import { frameLayout } from '../../frame/plane-layout.ts';
import { pixelFormatDescriptor } from '../../frame/pixel-format.ts';
import type { CodecName } from '../codec-contract.ts';
import { checkPictureSize } from '../parameters/check-picture-size.ts';
import { codecStrings } from '../parameters/codec-strings.ts';
import { encodeOptions, encoderConfig, type EncoderConfig, type TrialSetup } from './encoder-config.ts';
import { EncoderRun } from './encoder-run.ts';
import { keepsOrder } from './frame-order.ts';
import { mostQuantizer, quantizerScale } from './quantizer-scale.ts';
import { refusedSetup } from './refused-setup.ts';
import { videoFrame } from './video-frames.ts';

/** What a browser's encoder takes. */
export interface TakenConfig {
  readonly config: EncoderConfig;
  /** avcC and the like, where the browser does not put parameter sets into the stream. */
  readonly description: ArrayBuffer | undefined;
  /** For every frame, in the browser's scale; undefined where bits are asked for. */
  readonly quantizer: number | undefined;
}

/**
 * Encodes a grey frame of the stream's size with one configuration after another.
 *
 * @throws DnnError `EINVAL` for a setup that cannot be; `ENOSYS` where none is taken, with the first refusal
 *   and with what this browser would encode.
 */
export async function takenConfig(setup: TrialSetup): Promise<TakenConfig> {
  checkPictureSize(setup);
  try {
    return await firstTaken(setup);
  } catch (refusal) {
    if (errorCode(refusal) === 'EINVAL') throw refusal;
    throw await refusedSetup(setup, refusal, (other) =>
      firstTaken(other).then(
        () => true,
        () => false,
      ),
    );
  }
}

/**
 * The same without advice, which costs many more tries.
 * @throws DnnError `EINVAL` for a setup that cannot be, or the first refusal.
 */
export async function firstTaken(setup: TrialSetup): Promise<TakenConfig> {
  const [first, ...others] = codecStrings(setup);
  const grey = greyPicture(setup);
  try {
    return await tryConfig(setup, first, grey);
  } catch (refusal) {
    for (const codecString of others) {
      const taken = await tryConfig(setup, codecString, grey).catch(() => undefined);
      if (taken !== undefined) return taken;
    }
    throw refusal;
  }
}

async function tryConfig(setup: TrialSetup, codecString: string, grey: ArrayBuffer): Promise<TakenConfig> {
  const { codec, rate } = setup;
  const config = encoderConfig(setup, codecString);
  const quantizer = rate.kind === 'quantizer' ? await scaled(codec, rate.quantizer) : undefined;
  const run = new EncoderRun(config);
  try {
    await run.encode(videoFrame(setup, grey, 0), encodeOptions(codec, true, quantizer));
    await run.flush();
    if (run.take().length !== 1) throw new DnnError('ENOSYS', 'it gives nothing for a frame.');
    if (!(await keepsOrder(codec, config))) throw new DnnError('ENOSYS', 'it gives frames out of order.');
    return { config, description: run.description, quantizer };
  } finally {
    run.close();
  }
}

async function scaled(codec: CodecName, quantizer: number): Promise<number> {
  const scale = await quantizerScale(codec);
  if (scale !== undefined) return Math.round((quantizer * scale) / mostQuantizer);
  throw new DnnError('ENOSYS', `its ${codec} encoder has no constant quality; write -b:v.`, { codec });
}

function greyPicture({ pixelFormat, width, height }: TrialSetup): ArrayBuffer {
  const { size } = frameLayout(pixelFormat, width, height);
  const { bytesPerSample } = pixelFormatDescriptor(pixelFormat);
  const bytes = new ArrayBuffer(size);
  if (bytesPerSample === 1) new Uint8Array(bytes).fill(128);
  else new Uint16Array(bytes).fill(512);
  return bytes;
}
