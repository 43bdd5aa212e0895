/** Every pixel format, of even and odd sizes, through models that keep, enlarge and shrink the frame. */
import { pixelFormats, type PixelFormat } from '../../src/frame/pixel-format.ts';
import { frameLayout } from '../../src/frame/plane-layout.ts';
import { avgPool, chain, conv, depthToSpace, same, tanh, valid } from '../native-layers.ts';
import { even, odd, type PictureCase, type Size } from './picture-case.ts';

/** Each result depends on the pixels around it, and on the channel. */
export function smooth(channels: number): Uint8Array {
  return chain(
    channels,
    conv({ depth: channels, outputs: 4, size: 5, padding: same, activation: tanh }),
    conv({ depth: 4, outputs: channels, size: 3, padding: same }),
  );
}

/** Twice the size. */
export function enlarging(channels: number): Uint8Array {
  return chain(
    channels,
    conv({ depth: channels, outputs: 6, size: 3, padding: same, activation: tanh }),
    conv({ depth: 6, outputs: 4 * channels, size: 3, padding: same }),
    depthToSpace(2),
  );
}

/** Half the size, less a border. */
export function shrinking(channels: number): Uint8Array {
  return chain(
    channels,
    conv({ depth: channels, outputs: channels, size: 3, padding: valid }),
    avgPool(2, 2, valid),
  );
}

const channelsOf = (format: PixelFormat): number => (format === 'rgb24' || format === 'bgr24' ? 3 : 1);

/** FFmpeg 5.1 refuses gray: the same luma in yuv444p. */
const grayInStock = (filter: string): string => `format=yuv444p,${filter},extractplanes=y`;

/** nv12 pairs that lie beyond floor(size / 2) of the result. */
function unwrittenNv12([width, height]: Size): (index: number) => number | undefined {
  const { size, planes } = frameLayout('nv12', width, height);
  const { offset, linesize } = planes[1]!;
  return (index) => {
    const place = (index % size) - offset;
    if (place < 0) return undefined;
    const [row, column] = [Math.floor(place / linesize), (place % linesize) >> 1];
    return row >= height >> 1 || column >= width >> 1 ? 128 : undefined;
  };
}

const halved = ([width, height]: Size): Size => [Math.ceil((width - 3) / 2), Math.ceil((height - 3) / 2)];

/** By name: the network, its rows, and the size of its result. */
const networks = [
  { name: 'same size', network: smooth, rows: ['size:same'], sizeOf: (size: Size) => size },
  {
    name: 'twice the size',
    network: enlarging,
    rows: ['size:larger', 'chroma:scaled'],
    sizeOf: ([width, height]: Size): Size => [2 * width, 2 * height],
  },
  { name: 'half the size', network: shrinking, rows: ['size:smaller', 'chroma:scaled'], sizeOf: halved },
];

export const formatCases: readonly PictureCase[] = pixelFormats.flatMap((format) =>
  networks.flatMap(({ name, network, rows, sizeOf }) =>
    [even, odd].map((size): PictureCase => ({
      title: name,
      rows: [
        `format:dnn_processing.${format}`,
        ...rows.filter((row) => row !== 'chroma:scaled' || format.startsWith('yuv')),
        ...(format.startsWith('yuv4') && name === 'same size' ? ['chroma:copied'] : []),
        ...(format.startsWith('yuv4') && size === odd ? ['chroma:odd'] : []),
        ...(format === 'nv12' && name !== 'same size' ? ['chroma:nv12', 'bug:nv12-odd'] : []),
        ...(format === 'bgr24' ? ['values:bgr24'] : []),
        ...(format === 'gray' ? ['bug:gray'] : []),
        ...(format === 'grayf32le' ? ['values:grayf32'] : []),
      ],
      format,
      size,
      model: network(channelsOf(format)),
      ...(format === 'gray' ? { stockChain: grayInStock } : {}),
      ...(format === 'nv12' && name !== 'same size' ? { unwritten: unwrittenNv12(sizeOf(size)) } : {}),
      // One size is enough to see what differs between the backends.
      ...(size === odd ? {} : { backends: ['native'] as const }),
    })),
  ),
);
