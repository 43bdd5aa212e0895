/** The networks that the demo offers. The models are made by the set-up script and served beside the page. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  /** The chain after `-vf`. */
  readonly filter: string;
  /** File name below `models/`, fetched when the preset is used; none for the user's own chain. */
  readonly model?: string;
}

function anime4k(size: 's' | 'm' | 'l', title: string): Preset {
  const model = `anime4k-2x-${size}.pb`;
  const filter = `format=rgb24,dnn_processing=model=${model}:input=x:output=y`;
  return { id: `anime4k-${size}`, title, filter, model };
}

export const presets: readonly Preset[] = [
  anime4k('s', 'Twice the size, fast (Anime4K S)'),
  anime4k('m', 'Twice the size, balanced (Anime4K M)'),
  anime4k('l', 'Twice the size, best (Anime4K L)'),
  {
    id: 'custom',
    title: 'Own filter chain',
    filter: 'format=yuv420p,dnn_processing=model=espcn.pb:input=x:output=y',
  },
];

/** Widely playable: 4:2:0, at a speed that leaves time for the network. */
export const defaultOutputOptions =
  '-c:v libx264 -preset veryfast -crf 18 -pix_fmt yuv420p -movflags +faststart';
