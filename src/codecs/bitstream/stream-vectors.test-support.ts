/**
 * Beginnings of streams that ffmpeg 5.1 wrote, for unit tests: of `-f lavfi -i color=red:s=64x48:d=0.08`,
 * with the words given, then with `-map 0:v:0 -c:v copy -map_metadata -1 -f nut`. Where that had
 * h264_mp4toannexb or hevc_mp4toannexb, `isByteStream` says so.
 */
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { EncodedStream } from '../../media/nut/encoded-stream.ts';

interface StreamVector {
  /** The words of the encoder. */
  readonly words: string;
  readonly isByteStream: boolean;
  readonly tag: string;
  /** Base64 of the extradata and of the first packet. */
  readonly extradata: string;
  readonly packet: string;
}

const vectors = {
  avcc: {
    words: '-c:v libx264 -pix_fmt yuv420p',
    isByteStream: false,
    tag: 'avc1',
    extradata: 'AWQACv/hABhnZAAKrNlEewEQAAADABAAAAMDIPEiWWABAAZo6+PLIsD9+PgA',
    packet: 'AAAAI2WIhAAv//7bW/MslgoqsMmxwuauv1w6sva+BkJt0dEOC5uB',
  },
  annexb: {
    words: '-c:v libx264 -profile:v baseline -pix_fmt yuv420p -vf setsar=40/33',
    isByteStream: true,
    tag: 'avc1',
    extradata: 'AAAAAWdCwArZBHsFEAAAAwAQAAADAyDxImSAAAAAAWjLg8sg',
    packet:
      'AAAAAWdCwArZBHsFEAAAAwAQAAADAyDxImSAAAAAAWjLg8sgAAABZYiEC/EYoAAkcxwABENjgACa1JycnXXXXXXXXg' + '==',
  },
  '422-10': {
    words: '-c:v libx264 -pix_fmt yuv422p10le -vf setsar=7/5',
    isByteStream: true,
    tag: 'avc1',
    extradata: 'AAAAAWd6AAq2zZRHv/AAcABRAAADAAEAAAMAMg8SJZYAAAABaOvjyyLA',
    packet:
      'AAAAAWd6AAq2zZRHv/AAcABRAAADAAEAAAMAMg8SJZYAAAABaOvjyyLAAAABZYiEAD///uZ1+BTTCBpKDXsRVtcMVc' +
      'p5wFs500OH1UoDGdzB',
  },
  '444': {
    words: '-c:v libx264 -pix_fmt yuv444p -vf crop=61:47',
    isByteStream: true,
    tag: 'avc1',
    extradata: 'AAAAAWf0AAqRmyiPy3gIgAAAAwCAAAAZB4kSywAAAAFo6+PESEQ=',
    packet:
      'AAAAAWf0AAqRmyiPy3gIgAAAAwCAAAAZB4kSywAAAAFo6+PESEQAAAFliIQAL//+9in4FMxtA+BS4B0+BTSZT//7X6' +
      'pmWFAI071h',
  },
  'h264-gray': {
    words: '-c:v libx264 -pix_fmt gray',
    isByteStream: true,
    tag: 'avc1',
    extradata: 'AAAAAWdkAArzZRHsBbIAAAMAAgAAAwBkHiRLLAAAAAFo6+PLIsA=',
    packet:
      'AAAAAWdkAArzZRHsBbIAAAMAAgAAAwBkHiRLLAAAAAFo6+PLIsAAAAFliIQAL//+9in4FM279G3BncFCouYNLpvMPY' + 'E=',
  },
  'h264-rgb': {
    words: '-c:v libx264rgb',
    isByteStream: true,
    tag: 'avc1',
    extradata: 'AAAAAWf0AAqRmyiPYC3AgIAQAAADABAAAAMDIPEiWWAAAAABaOvjyyLA',
    packet:
      'AAAAAWf0AAqRmyiPYC3AgIAQAAADABAAAAMDIPEiWWAAAAABaOvjyyLAAAABZYiEAC///vYp+BTYjuj4FNql1PgU2l' +
      'DP//tfqmZYUAjTvWE=',
  },
  mbaff: {
    words: '-c:v libx264 -pix_fmt yuv420p -flags +ilme+ildct -s 64x40',
    isByteStream: true,
    tag: 'avc1',
    extradata: 'AAAAAWdkABWs2URPz/+AAoADCAAAAwAIAAADAZD4oUywAAAAAWj7o8siwA==',
    packet:
      'AAAAAWdkABWs2URPz/+AAoADCAAAAwAIAAADAZD4oUywAAAAAWj7o8siwAAAAWWIggsC//bbW/MslgoqsMmxwuavrh' +
      'rZQLPFob8O3M5o8OzJvK2B',
  },
  crop: {
    words: '-c:v libx264 -pix_fmt yuv420p,h264_metadata=crop_left=6:crop_top=4:crop_right=2',
    isByteStream: false,
    tag: 'avc1',
    extradata: 'AWQACv/hABlnZAAKrNlEfInwEQAAAwABAAADADIPEiWWAQAGaOvjyyLA/fj4AA==',
    packet: 'AAAAI2WIhAAv//7bW/MslgoqsMmxwuauv1w6sva+BkJt0dEOC5uB',
  },
  lists: {
    words: '-c:v libx264 -pix_fmt yuv420p -x264-params cqm=jvt',
    isByteStream: true,
    tag: 'avc1',
    extradata: 'AAAAAWdkAAqs2UR7ARAAAAMAEAAAAwMg8SJZYAAAAAFo6+PLMALA',
    packet:
      'AAAAAWdkAAqs2UR7ARAAAAMAEAAAAwMg8SJZYAAAAAFo6+PLMALAAAABZYiEAC///ttb8yyvrQKs/zKcYzFOv1w6sv' +
      'a+BkJt0dEOC5uB',
  },
  recovery: {
    words: '-c:v libx264 -pix_fmt yuv420p -x264-params intra-refresh=1:keyint=2',
    isByteStream: true,
    tag: 'avc1',
    extradata: 'AAAAAWdkAAqs7EewEQAAAwABAAADADIPEiU4AAAAAWjvjyyL',
    packet:
      'AAAAAWdkAAqs7EewEQAAAwABAAADADIPEiU4AAAAAWjvjyyLAAABZYiEAL/+21vzLJYKKrDJscLmrr9cOrL2vgZCbd' +
      'HRDgubgQ==',
  },
  'second-id': {
    words: '-c:v libx264 -profile:v main -pix_fmt yuv420p -x264-params sps-id=3',
    isByteStream: true,
    tag: 'avc1',
    extradata: 'AAAAAWdNQAomyiPYCIAAAAMAgAAAGQeJEssAAAABaCEr48sg',
    packet:
      'AAAAAWdNQAomyiPYCIAAAAMAgAAAGQeJEssAAAABaCEr48sgAAABZYggQAL//ttb8yyWCiqwybHC5q6/XDqy9r4GQm' +
      '3R0Q4Lm4E=',
  },
  hvcc: {
    words: '-c:v libx265 -pix_fmt yuv420p -x265-params log-level=0:info=0',
    isByteStream: false,
    tag: 'HEVC',
    extradata:
      'AQFgAAAAkAAAAAAAHvAA/P34+AAADwMgAAEAGEABDAH//wFgAAADAJAAAAMAAAMAHpWYCSEAAQApQgEBAWAAAAMAkA' +
      'AAAwAAAwAeoCCDFllZrkyvAWgIAAADAAgAAAMAyEAiAAEABkQBwXPQiQ==',
    packet: 'AAAAFSgBrx2A8A4I/+OYP5S8Lmo9OLtKeA==',
  },
  'hevc-annexb': {
    words: '-c:v libx265 -pix_fmt yuv422p10le -x265-params log-level=0:info=0 -vf setsar=40/33',
    isByteStream: true,
    tag: 'HEVC',
    extradata:
      'AAAAAUABDAH//wQIAAADAJ0IAAADAAAelZgJAAAAAUIBAQQIAAADAJ0IAAADAAAesCCDE2WVmuTK8FaAgAAAAwCAAA' +
      'AMhAAAAAFEAcFz0Ik=',
    packet:
      'AAAAAUABDAH//wQIAAADAJ0IAAADAAAelZgJAAAAAUIBAQQIAAADAJ0IAAADAAAesCCDE2WVmuTK8FaAgAAAAwCAAA' +
      'AMhAAAAAFEAcFz0IkAAAABKAGvHYDv5huf/UFL9wbB5i3VcnQY4A==',
  },
  'hevc-444': {
    words: '-c:v libx265 -pix_fmt yuv444p -x265-params log-level=0:info=0',
    isByteStream: true,
    tag: 'HEVC',
    extradata:
      'AAAAAUABDAH//wQIAAADAJ4IAAADAAAelZgJAAAAAUIBAQQIAAADAJ4IAAADAAAekAQQYssrNcmV4C0BAAADAAEAAA' +
      'MAGQgAAAABRAHBcxgxCJA=',
    packet:
      'AAAAAUABDAH//wQIAAADAJ4IAAADAAAelZgJAAAAAUIBAQQIAAADAJ4IAAADAAAekAQQYssrNcmV4C0BAAADAAEAAA' +
      'MAGQgAAAABRAHBcxgxCJAAAAABKAGvHYDwDgj/45g/lLwuaj04u0p4',
  },
  'hevc-rgb': {
    words: '-c:v libx265 -pix_fmt gbrp -x265-params log-level=0:info=0',
    isByteStream: true,
    tag: 'HEVC',
    extradata:
      'AAAAAUABDAH//wQIAAADAJ4IAAADAAAelZgJAAAAAUIBAQQIAAADAJ4IAAADAAAekAQQYssrNcmV4C3AgIABAAADAA' +
      'EAAAMAGQgAAAABRAHBcxgxCJA=',
    packet:
      'AAAAAUABDAH//wQIAAADAJ4IAAADAAAelZgJAAAAAUIBAQQIAAADAJ4IAAADAAAekAQQYssrNcmV4C3AgIABAAADAA' +
      'EAAAMAGQgAAAABRAHBcxgxCJAAAAABKAGvHYDwDgj/9tGP+KbC6tnTi7SngA==',
  },
  'hevc-odd': {
    words:
      '-c:v libx265 -pix_fmt yuv420p -vf scale=62:46 -x265-params log-level=0:info=0:scaling-list=default',
    isByteStream: true,
    tag: 'HEVC',
    extradata:
      'AAAAAUABDAH//wFgAAADAJAAAAMAAAMAHpWYCQAAAAFCAQEBYAAAAwCQAAADAAADAB6gIIMdVllZrk5X/4AuAC60BA' +
      'AAAwAEAAADAGQgAAAAAUQBwXPQiQ==',
    packet:
      'AAAAAUABDAH//wFgAAADAJAAAAMAAAMAHpWYCQAAAAFCAQEBYAAAAwCQAAADAAADAB6gIIMdVllZrk5X/4AuAC60BA' +
      'AAAwAEAAADAGQgAAAAAUQBwXPQiQAAAAEoAa8dgPAOCP/jmD+UvC5qPTi7Sng=',
  },
  vp8: {
    words: '-c:v libvpx -vf scale=61:47',
    isByteStream: false,
    tag: 'VP80',
    extradata: '',
    packet: 'kAMAnQEqPQAvAABHCIWFiIWEiAICAnWqA/gD+gIHO3nizzMeXgD+/W7z/+OZNzDE/45t//FhPA4oyP/xUQA=',
  },
  'vp9-yuv420p': {
    words: '-c:v libvpx-vp9 -vf scale=61:47 -pix_fmt yuv420p',
    isByteStream: false,
    tag: 'VP90',
    extradata: '',
    packet: 'gkmDQgADwALmADgkHBhKAAAwYAAAE7//+HMQAAj////3FNv////+rHWAAA==',
  },
  'vp9-yuv422p': {
    words: '-c:v libvpx-vp9 -vf scale=61:47 -pix_fmt yuv422p',
    isByteStream: false,
    tag: 'VP90',
    extradata: '',
    packet: 'okmDQggAeABcwAcEg4MJQAAGYAAAE7//+HMQAAj////3FNj3////qx1gAA==',
  },
  'vp9-yuv440p': {
    words: '-c:v libvpx-vp9 -vf scale=61:47 -pix_fmt yuv440p',
    isByteStream: false,
    tag: 'VP90',
    extradata: '',
    packet: 'okmDQgQAeABcwAcEg4MJQAAGYAAAE7//+HMQAAj////3FNj3////qx1gAA==',
  },
  'vp9-gbrp': {
    words: '-c:v libvpx-vp9 -vf scale=61:47 -pix_fmt gbrp',
    isByteStream: false,
    tag: 'VP90',
    extradata: '',
    packet: 'okmDQuADwALmADgkHBhKAAAwYAAAXkf//65EUD/////rkRR7////1t+AugA=',
  },
  'vp9-yuv420p10le': {
    words: '-c:v libvpx-vp9 -vf scale=61:47 -pix_fmt yuv420p10le',
    isByteStream: false,
    tag: 'VP90',
    extradata: '',
    packet: 'kkmDQgAB4AFzABwSDgwsAAAYYAAAE7//9+AoAAj////2bEf////8k3QAAA==',
  },
  'vp9-yuv444p12le': {
    words: '-c:v libvpx-vp9 -vf scale=61:47 -pix_fmt yuv444p12le',
    isByteStream: false,
    tag: 'VP90',
    extradata: '',
    packet: 'sSTBoUAAHgAXMAHBIODC4AABgGAAAF5H//7q4gH////9dDR7////wPYBdAA=',
  },
  av1: {
    words: '-c:v libaom-av1 -cpu-used 8 -vf scale=61:47 -pix_fmt yuv420p',
    isByteStream: false,
    tag: 'av01',
    extradata: 'gQAMAAoKAAAAAq+XG18gCA==',
    packet: 'CgoAAAACr5cbXyAIMhUQAJaAAAIAAAAA68eTiUEx5c7ejxA=',
  },
  'av1-444': {
    words: '-c:v libaom-av1 -cpu-used 8 -pix_fmt yuv444p',
    isByteStream: false,
    tag: 'av01',
    extradata: 'gSAAAAoKIAAAAq/3m18gQA==',
    packet: 'CgogAAACr/ebXyBAMhYQAJaAAAIAAAAA68eThSXOPwpgFyXE',
  },
  'av1-422-12': {
    words: '-c:v libaom-av1 -cpu-used 8 -pix_fmt yuv422p12le',
    isByteStream: false,
    tag: 'av01',
    extradata: 'gUBoAAoKQAAAAq/3m18sRA==',
    packet: 'CgpAAAACr/ebXyxEMhcQAJoAAAIAAAAA68eL7MXON3tQOniP2w==',
  },
  'av1-10': {
    words: '-c:v libaom-av1 -cpu-used 8 -pix_fmt yuv420p10le',
    isByteStream: false,
    tag: 'av01',
    extradata: 'gQBMAAoKAAAAAq/3m18oCA==',
    packet: 'CgoAAAACr/ebXygIMhUQAJkAAAIAAAAA68eZ3ZEyJZHekLA=',
  },
  'av1-rgb': {
    words: '-c:v libaom-av1 -cpu-used 8 -pix_fmt gbrp',
    isByteStream: false,
    tag: 'av01',
    extradata: 'gSAAAAoNIAAAAq/3m18kBDQAgA==',
    packet: 'Cg0gAAACr/ebXyQENACAMhcQAJaAAAIAAAAA68bIWK1zJq0pgFzsEA==',
  },
  'av1-gray': {
    words: '-c:v libaom-av1 -cpu-used 8 -pix_fmt gray',
    isByteStream: false,
    tag: 'av01',
    extradata: 'gQAcAAoKAAAAAq/3m18lQA==',
    packet: 'CgoAAAACr/ebXyVAMg0QAJaAAAgAAAFV/oOA',
  },
  'av1-still': {
    words: '-c:v libaom-av1 -cpu-used 8 -pix_fmt yuv420p -still-picture 1',
    isByteStream: false,
    tag: 'av01',
    extradata: 'gQAMAAoGGBV/vaAI',
    packet: 'CgYYFX+9oAgyEhgAAABQAAAKBXlSbkPZOkYCKA==',
  },
} satisfies Record<string, StreamVector>;

export type StreamVectorName = keyof typeof vectors;

export const streamVectorNames = Object.keys(vectors) as StreamVectorName[];

/** A stream and its first packet, with buffers of their own. */
export function streamVector(name: StreamVectorName): { stream: EncodedStream; packet: EncodedPacket } {
  const { tag, extradata, packet } = vectors[name];
  return {
    stream: {
      tag,
      ...(extradata !== '' && { extradata: bufferOf(extradata) }),
      width: 64,
      height: 48,
      sampleAspectRatio: { num: 0, den: 1 },
      timeBase: { num: 1, den: 12800 },
      frameRate: { num: 25, den: 1 },
      decodeDelay: 0,
    },
    packet: { pts: 0, isKey: true, data: bufferOf(packet) },
  };
}

function bufferOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}
