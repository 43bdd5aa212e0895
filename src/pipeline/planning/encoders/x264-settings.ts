/**
 * What x264 will run with, of the settings that its memory depends on, from the words of an output; mirrors
 * libavcodec/libx264.c · X264_init and x264's common/base.c · x264_param_apply_preset, _tune, _parse.
 */
import type { CommandOption } from '../../command/command.ts';

/** Settings of x264 by its own names, before x264 checks them. */
export interface X264Settings {
  /** Frames that it looks ahead for rate control. */
  readonly lookahead: number;
  readonly refs: number;
  readonly bframes: number;
  /** Longest distance of key frames. */
  readonly keyint: number;
  readonly mbtree: boolean;
  readonly pyramid: boolean;
  readonly weightp: boolean;
  /** 0 keeps no interpolated planes. */
  readonly subme: number;
  /** Motion search that keeps sums of the picture. */
  readonly exhaustive: boolean;
  readonly interlaced: boolean;
  /** Quantiser of constant quality or constant quantiser; undefined with a bit rate. */
  readonly quantiser: number | undefined;
  readonly constantQuantiser: boolean;
  readonly vbv: boolean;
  /** Whether the user's own words, rather than a preset, say how far to look ahead; likewise of `refs`. */
  readonly isLookaheadGiven: boolean;
  readonly isRefsGiven: boolean;
}

type Changes = Partial<X264Settings>;

const medium: X264Settings = {
  ...{ lookahead: 40, refs: 3, bframes: 3, keyint: 250, mbtree: true, pyramid: true, weightp: true },
  ...{ subme: 7, exhaustive: false, interlaced: false, quantiser: 23, constantQuantiser: false, vbv: false },
  ...{ isLookaheadGiven: false, isRefsGiven: false },
};

/** In x264's order: `-preset 2` is the third. */
const presets: readonly (readonly [name: string, changes: Changes])[] = [
  ['ultrafast', { refs: 1, bframes: 0, lookahead: 0, mbtree: false, weightp: false, subme: 0 }],
  ['superfast', { refs: 1, lookahead: 0, mbtree: false, subme: 1 }],
  ['veryfast', { refs: 1, lookahead: 10, subme: 2 }],
  ['faster', { refs: 2, lookahead: 20, subme: 4 }],
  ['fast', { refs: 2, lookahead: 30, subme: 6 }],
  ['medium', {}],
  ['slow', { refs: 5, lookahead: 50, subme: 8 }],
  ['slower', { refs: 8, lookahead: 60, subme: 9 }],
  ['veryslow', { refs: 16, lookahead: 60, bframes: 8, subme: 10 }],
  ['placebo', { refs: 16, lookahead: 60, bframes: 16, subme: 11, exhaustive: true }],
];

function tuned(settings: X264Settings, tune: string): X264Settings {
  const refs = settings.refs > 1 ? settings.refs * 2 : 1;
  if (tune === 'animation') return { ...settings, refs, bframes: settings.bframes + 2 };
  if (tune === 'touhou') return { ...settings, refs };
  if (tune === 'fastdecode') return { ...settings, weightp: false };
  if (tune === 'zerolatency') return { ...settings, lookahead: 0, bframes: 0, mbtree: false };
  return settings;
}

/** What a value does, by the names of x264's parameters, which are mostly those of ffmpeg's options. */
const parameters: Readonly<Record<string, (value: string) => Changes>> = {
  'rc-lookahead': (value) => atLeast0(value, (lookahead) => ({ lookahead, isLookaheadGiven: true })),
  ref: (value) => atLeast0(value, (refs) => ({ refs, isRefsGiven: true })),
  bframes: (value) => atLeast0(value, (bframes) => ({ bframes })),
  keyint: (value) => (/^inf/.test(value) ? { keyint: Infinity } : atLeast0(value, (keyint) => ({ keyint }))),
  mbtree: (value) => ({ mbtree: isOn(value) }),
  'b-pyramid': (value) => ({ pyramid: isOn(value) }),
  weightp: (value) => ({ weightp: isOn(value) }),
  subme: (value) => atLeast0(value, (subme) => ({ subme })),
  me: (value) => ({ exhaustive: /^(t?esa|[34])$/.test(value) }),
  interlaced: (value) => ({ interlaced: isOn(value) }),
  crf: (value) => atLeast0(value, (quantiser) => ({ quantiser })),
  qp: (value) => atLeast0(value, (quantiser) => ({ quantiser, constantQuantiser: true })),
  bitrate: () => ({ quantiser: undefined }),
  'vbv-bufsize': (value) => ({ vbv: isOn(value) }),
};

/** Other names of the same. */
const aliases: Readonly<Record<string, string>> = {
  ...{ frameref: 'ref', refs: 'ref', bf: 'bframes', g: 'keyint', subq: 'subme', tff: 'interlaced' },
  ...{ me_method: 'me', 'motion-est': 'me', b: 'bitrate', bufsize: 'vbv-bufsize', bff: 'interlaced' },
};

const isOn = (value: string): boolean => !/^(0|none|false|no|off)$/.test(value);

/** ffmpeg's -1 leaves a setting to the preset. */
function atLeast0(value: string, change: (number: number) => Changes): Changes {
  const number = Number(value);
  return number >= 0 ? change(number) : {};
}

function changed(settings: X264Settings, name: string, value: string): X264Settings {
  return { ...settings, ...parameters[aliases[name] ?? name]?.(value) };
}

/** `ref=4:no-mbtree:crf=18`; a name without a value is switched on. */
function withParameters(settings: X264Settings, text: string): X264Settings {
  return text.split(':').reduce((before, word) => {
    const [written = '', value = '1'] = word.split('=');
    const name = written.replaceAll('_', '-');
    if (!/^no-?/.test(name) || parameters[name] !== undefined) return changed(before, name, value);
    return changed(before, name.replace(/^no-?/, ''), isOn(value) ? '0' : '1');
  }, settings);
}

/** The settings of an output's H.264 streams. */
export function x264Settings(options: readonly CommandOption[]): X264Settings {
  const video = options.filter(({ specifier }) => !/^[asd](:|$)/.test(specifier));
  const last = (name: string): string | undefined => video.findLast((option) => option.name === name)?.value;
  const preset = last('preset') ?? 'medium';
  const named = presets.find(([name], index) => name === preset || String(index) === preset);
  const start = (last('tune') ?? '').split(/[,./+-]/).reduce(tuned, { ...medium, ...named?.[1] });
  const flags = last('flags') ?? '';
  const given = video.reduce((settings, { name, value }) => changed(settings, name, value), {
    ...start,
    interlaced: /ildct|ilme/.test(flags),
  });
  const baseline = last('profile') === 'baseline' ? { bframes: 0, weightp: false } : {};
  return [last('x264opts'), last('x264-params')].reduce<X264Settings>(
    (settings, text) => (text === undefined ? settings : withParameters(settings, text)),
    { ...given, ...baseline },
  );
}
