/** The filters of FFmpeg 5.1 that give sound alone, by the list of `ffmpeg -filters`. */
import { outputMedia } from './filter-pads.ts';
import type { FilterNode } from './filtergraph.ts';

const names: ReadonlySet<string> = new Set(
  `abench abuffer acompressor acontrast acopy acrossfade acrossover acrusher acue adeclick adeclip
  adecorrelate adelay adenorm aderivative adynamicequalizer adynamicsmooth aecho aemphasis aeval
  aevalsrc aexciter afade afftdn afftfilt afifo afirsrc aformat afreqshift afwtdn agate aintegral
  ainterleave alatency alimiter allpass aloop amerge ametadata amix amultiply anlmdn anlmf anlms
  anoisesrc anull anullsrc apad aperms aphaser aphaseshift apsyclip apulsator arealtime aresample
  areverse arnndn asdr aselect asendcmd asetnsamples asetpts asetrate asettb ashowinfo asidedata
  asoftclip aspectralstats asplit asr astats asubboost asubcut asupercut asuperpass asuperstop
  atempo atilt atrim axcorrelate azmq bandpass bandreject bass biquad bs2b channelmap channelsplit
  chorus compand compensationdelay crossfeed crystalizer dcshift deesser dialoguenhance drmeter
  dynaudnorm earwax equalizer extrastereo firequalizer flanger flite haas hdcd headphone highpass
  highshelf hilbert join ladspa loudnorm lowpass lowshelf lv2 mcompand pan replaygain rubberband
  sidechaincompress sidechaingate silencedetect silenceremove sinc sine sofalizer spectrumsynth
  speechnorm stereotools stereowiden superequalizer surround tiltshelf treble tremolo vibrato
  virtualbass volume volumedetect`.split(/\s+/),
);

/** Whether all that a filter gives is sound. */
export function givesOnlySound(node: FilterNode): boolean {
  return names.has(node.name.text) || outputMedia(node).every((media) => media === 'audio');
}
