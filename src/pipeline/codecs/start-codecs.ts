/**
 * Starts what a command will want of the browser's codecs, as far as its words tell: its first frame is still
 * on the way then.
 */
import type { CodecName } from '../../codecs/codec-contract.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import { asksForWebCodecs } from '../command/hwaccel.ts';
import type { Plan } from '../command/plan.ts';
import type { Command } from '../command/command.ts';
import { browserEncoder } from '../command/webcodecs/browser-encoder.ts';
import { probedEncoder } from './capabilities/probed-codecs.ts';
import { CodecWorkers } from './codec-workers.ts';

/** @returns workers for its decoders and encoders; the caller's, who ends them. */
export function startCodecs({ command, chains }: Plan, assets: AssetUrls): CodecWorkers {
  const workers = new CodecWorkers(assets);
  const decoders = command.inputs.filter(({ hwaccel }) => asksForWebCodecs(hwaccel)).length;
  const encoders = encodersOf(command);
  workers.prepare(Math.min(decoders, chains.length) + encoders.length);
  void probeEncoders(command, assets);
  return workers;
}

/** Finds out whether the encoders work that a command names. Never rejects. */
export async function probeEncoders(command: Command, assets: AssetUrls): Promise<void> {
  await Promise.all(encodersOf(command).map((codec) => probedEncoder(assets, codec)));
}

function encodersOf({ outputs }: Command): CodecName[] {
  return outputs.flatMap((output) => browserEncoder(output)?.codec ?? []);
}
