/**
 * A few frames of each kind of stream, by which decoders are tried. `node scripts/make-decoder-samples.mjs`
 * has made them.
 */
import type { PixelFormat } from '../../frame/pixel-format.ts';
import type { CodecName } from '../codec-contract.ts';

/** A stream of {@link sampleWidth} x {@link sampleHeight} pixels at 25 frames per second. */
export interface DecoderSample {
  readonly codec: CodecName;
  /** WebCodecs' string. */
  readonly codecString: string;
  readonly pixelFormat: PixelFormat;
  /** In decode order: pts in ticks of 1/25 s, and the bytes in base64. The first one is a key frame. */
  readonly packets: readonly (readonly [pts: number, base64: string])[];
  /** Of the frames that FFmpeg decodes, in order of presentation, as its framecrc prints them. */
  readonly checksums: readonly number[];
}

export const sampleWidth = 180;
export const sampleHeight = 148;

export const decoderSamples: readonly DecoderSample[] = [
  {
    codec: 'h264',
    codecString: 'avc1.64000c',
    pixelFormat: 'yuv420p',
    packets: [
      [
        0,
        'AAAAAWdkAAus7DBXnnwEQAAAAwBAAAAMg8UKTgAAAAFo74OSyLAAAAFliIQP9KC8ya3esQ4Eh2tNPCrM/A/117atx9ZkWGrZVUqZUqi5SftCgCelCVApNCs2xGm7xVmWPkq86YjwyFJLNo3LvBKanC/tWZDm59/svJYzsqeFcGEwiOhTwAtDX/qcvTW1IIuowBa6UWf+hx5IKgRL',
      ],
      [2, 'AAAAAUGaKHQHgr8C7g=='],
      [1, 'AAAAAQGeRBX/Cbk='],
    ],
    checksums: [0xf28eb5e4, 0x8997e878, 0x20a01b1b],
  },
  {
    codec: 'h264',
    codecString: 'avc1.7a000c',
    pixelFormat: 'yuv422p',
    packets: [
      [
        0,
        'AAAAAWd6AAu87DBXnjcBEAAAAwAQAAADAyDxQpOAAAAAAWjvg5LIsAAAAWWIhA/0oLzJskvNZ0DmXa034Ks4GsW0/Xz3iAa9Utq1Vjqm+urbYzWa43j12pLL9OlSAyTLyyMeIdaKzsfj5VKd7vfgQnRj/vsXuvAUQ9YNL+mzdN/N5zxDes0ZfgUZF29QqX07I8/K3a9eru6piJv1dIXZ9XYOK5mxRoE=',
      ],
      [2, 'AAAAAUGaKHQHgk8Djg=='],
      [1, 'AAAAAQGeRBJ/Cgk='],
    ],
    checksums: [0xeea57c76, 0xc486af0a, 0x9a67e19e],
  },
  {
    codec: 'h264',
    codecString: 'avc1.f4000c',
    pixelFormat: 'yuv444p',
    packets: [
      [
        0,
        'AAAAAWf0AAuRnYYK8bG4CIAAAAMAgAAAGQeKFJwAAAABaO+DkRIRAAABZYiEBf/wjuBDTuHjs4XyHhzUldlR4W06P1JMZVvvbIZe9ZPoOPHCVidxE35kK3RM+n+ce+QLjdBqcXzjoAwdIEYYiIX+CWM+5oCskw3uUAAAEN/KQ8AApqnAoABLFtkOsvjLd+6PF+AAaSYQABA7rqE=',
      ],
      [2, 'AAAAAUGaKHQHgk8Djg=='],
      [1, 'AAAAAQGeRBJ/Cgk='],
    ],
    checksums: [0x91e7c37d, 0xe578f611, 0x391828b4],
  },
  {
    codec: 'h264',
    codecString: 'avc1.6e000c',
    pixelFormat: 'yuv420p10le',
    packets: [
      [
        0,
        'AAAAAWduAAumzsMFeefARAAAAwAEAAADAMg8UKTgAAAAAWjvg5LIsAAAAWWIhAf/Fq5f/ta/1uZg/7K2OkGe/Vzd0GSm9nazwdSDO7FKeeC3AyIXxybYI1J53wlRPshPxLqYqFVRd+12VZuRcgsauqPpnWUr/RVIBuYCLV+QredSUOqN8LX5VieJYVT1QsQVQqQXK2CMj9LK+6D2BjJjYh60+Q==',
      ],
      [2, 'AAAAAUGaKHQHgr8C7g=='],
      [1, 'AAAAAQGeRBX/Cbk='],
    ],
    checksums: [0x807c948f, 0x57a9dbdf, 0x4c8eeffa],
  },
  {
    codec: 'hevc',
    codecString: 'hev1.1.6.L60.B0',
    pixelFormat: 'yuv420p',
    packets: [
      [
        0,
        'AAAAAUABDAH//wFgAAADAJAAAAMAAAMAPJEwJAAAAAFCAQEBYAAAAwCQAAADAAADADygFyAmd3lkTkkyvAWgIAAAAwAgAAADAyEAAAABRAHBcrRiQAAAASgBrwTWahmA/V21Eqrl+ncoCjNXcSV5GHFKpTvHJCm7MMlz59orABXQUpoaW84Mr+DGmk7+rhXl4bgD0iaWrtGT7oAAolyB8ABgQKHtAAADAanRA0QAAZ4AjzO8w1I=',
      ],
      [
        2,
        'AAAAAQIB0BFXhDGCYzSxQPvUoPqF3X2ZUD6smMP6T6RHMzxqmjOncXO8y9GlMxSly0xOn/TA2kowxKOfRiMLbbVYxSZNGxNKPb78e9S13hp90XhcQPmUgrTE1tvPWV4zrsIsAAADAADGwOgX3a7nnf8oUQM=',
      ],
      [1, 'AAAAAQAB4CS/hgstLAGJAZcBWIE='],
    ],
    checksums: [0xb9816323, 0xf3b2766a, 0x8e187bd1],
  },
  {
    codec: 'hevc',
    codecString: 'hev1.2.4.L60.B0',
    pixelFormat: 'yuv420p10le',
    packets: [
      [
        0,
        'AAAAAUABDAH//wIgAAADAJAAAAMAAAMAPJEwJAAAAAFCAQECIAAAAwCQAAADAAADADygFyAmd22WROSTK8BaAgAAAwACAAADADIQAAAAAUQBwXK0YkAAAAEoAa8E1mpcgP1dtRKq5fp3KAozV3EleRhxSqU7xyQpuzDJdpigyNYoQxYC5OQYKG5CjsaaaSvUIiu1pwIjVm355aklcwRf3XxBX9OQNsvrqG0AAA4o0wLkAACoAyGa8X1HisJ2',
      ],
      [
        2,
        'AAAAAQIB0BFXhDGCYzSwwPvUoPq13X2ZUMismMP6T6RNYzxqm3+ncXO8y9GlMxV4t/kQne1I2kow4GOfRjMLcmzx5YrYSNvo4tz7GqX6aqHXcIW6pHBpwMOWY2RrbT0ALMAAAAMB0IQAJgb6yipj4fk=',
      ],
      [1, 'AAAAAQAB4CS/hgstLAGJAZcBWIE='],
    ],
    checksums: [0xa27571ba, 0x9425b0be, 0x4fcdba4b],
  },
  {
    codec: 'vp8',
    codecString: 'vp8',
    pixelFormat: 'yuv420p',
    packets: [
      [
        0,
        'kBYAnQEqtACUAABHCIWFiIWEiAICG+doF8L8pWwn/6hHgO+V/gP4A8Ib//6f/p/rmdoD/Af4D6gv4D0//P/r/gT9bSwH9QPgJs/F/Ca8fdnOlTZzx+BsvpZW7EVDmPTaNXxZRQ5j0zgMRM9WIkc+xgji9/NLX26e+yxgji9/NLX0tk9WoBz7GCOL380t1YiRz7GCOL380tfbp77LGCOL380tfS2T1agHPsYI4vfzS3ViJHPsYI4vfzS19uloAP7/NQbj3//4fkNun//fv+//+aA084Afy4ci4esFS9Jzty3+sMZwlS1o+Z2OYGK6ST2vwVNmn3tcXqktkNOktkCWsuHAiicarD4Q5Iw4FVgihry2/dChXthcehEAU2tKlR/6/wu7Ef+SchOwkNt32I/8k5CdhIbbvsR/5JyE7CQ23fYj/yTkJ2Ehtu+xH/knITsJDbd9iP/IrsLbFx6EQArA',
      ],
      [
        1,
        'sQsACxFgABhnCg/AKes+ceD76VLl3lYYn8WvN0dm0eCjKeJ6oMkosZ+7Q2SPMB9My9dELpIVuXCkpng0jGLIGw3KDreNsXoPQK1SBvCP2piJby+wOt42MuspssWDn1vA/tLUADNDOLlyAQCAQCAQCAQCGa4qAojCLqpGuea6+IjsF8M4iOv8AA==',
      ],
      [
        2,
        'EQsACxFgABhtggCh21fLAzxmHo3r9SsIMOPBwPVzRr+4EhNokSgHeZ87Me1j5zbQ2/EWUPjqsURrN4yPcWZgaU/FYcBwM9K7kJmnpCXCnGlIg3tt9P8v05ThAP7WH2nvc1RJIjHlW7ihfqLLddqdGZ1IZzQm4BatMsFTNsbywNQmyFAA',
      ],
    ],
    checksums: [0x96f479cf, 0xc1cfaf93, 0x81fb9f7f],
  },
  {
    codec: 'vp9',
    codecString: 'vp09.00.11.08',
    pixelFormat: 'yuv420p',
    packets: [
      [
        0,
        'gkmDQgALMAk2CDgkHBj2AAAwYAAAJHP//d8wDkneAI36iwL///5/NYw////IwwVDKIByTuUQDkigEruBm45RaHQjrAYoFi+d3QA38qboyCwANUCS/gAuQDPoZGZ3aI1HAX1ErBcBLoA=',
      ],
      [
        1,
        'hgBAkhwQWQAAA2AAACA//8zn//N2//xt/4dAr7TBqimZFqtSpsbFT0MaThDoO+cAF/PmkbYAAnqhK4ABkvOIUnSNz64bgiAly8yXa+gA',
      ],
      [
        2,
        'hgBAkpwQWAAAA2AAACA//9Up//f2f/39n8uQWSIrAy813if7Bq49qq77nW0hEs7IAP/DZwSIAAuiqaYACC5YlxzwDiJ3ts3Q+M02BDAA',
      ],
    ],
    checksums: [0xc639743d, 0xa9b49711, 0xa151cbdf],
  },
  {
    codec: 'vp9',
    codecString: 'vp09.01.11.08.02',
    pixelFormat: 'yuv422p',
    packets: [
      [
        0,
        'okmDQggBZgEmwQcEg4MewAAoYf4vo/1fKtOhRHUngfrrTvdIAABYSF6orIyYHky2ZngQxXEDDQBe+MHKbYpxnUNg5gswM/TkQHCWTYPspvZ6/hljErBREch1buulezCpXn7PsLiiCtrg',
      ],
      [
        1,
        'pgBAkhwAWQAAA2AAACA//8zn//N2//xt/4dKP/sMf/7DH9kX+jh8/8bf//G3/h4fvKWn/YY/si//5u38c1HvMf2Rf6O38c1HvMf2Rf6O38c1N/5uMPVh77Wqfa1q8On3jmAA',
      ],
      [
        2,
        'pgBAkpwAWAAAA2AAACA//9Up//f2f/39n8uVH/39n/9/Z/Ls/lyo/+/s//v7P5dn8uVH/39n8uz/+/s/lyo+XZ/Ls/l2fy5UfLs/l2fy7P5cqb/17U/GOg7HKfjHQdjlPxjAAA==',
      ],
    ],
    checksums: [0x035e4f52, 0xd93081e6, 0xaf11b47a],
  },
  {
    codec: 'vp9',
    codecString: 'vp09.01.11.08.03',
    pixelFormat: 'yuv444p',
    packets: [
      [
        0,
        'okmDQgABZgEmwQcEg4MewAAwYf4vo/1fKtOhRHUngfrvTZJ9T8+7pAAAZzV0yPOtnCcYnl+9Sj7WG22DDQZQlVnhsg+AdrhGv8OPkjmDo6zmEm0VB8Bi64rXdgjdiz5gYecp9ffvU3HTal9mXESc6o89ZN2LQlMi7qdRcQnUmh91cTnyVvmV/cFA',
      ],
      [1, 'pgBAkhwAWQAADGEnqOKOGI0jvAAAABkoJT5A+ScsUx8x9TT4QiBUTljAbghz4qfM+7FqAA=='],
      [2, 'pgBAkpwAWAAAA2AAABn9J6jfeYIzdv67eGxMlUrpYEfGIpYzGWCDpR9enoA='],
    ],
    checksums: [0xeea1b7e3, 0x4241ea77, 0x95d21d1a],
  },
  {
    codec: 'vp9',
    codecString: 'vp09.02.11.10',
    pixelFormat: 'yuv420p10le',
    packets: [
      [
        0,
        'kkmDQgAFmASbAhwSDgx7AAAYYAAAJHP//cYeh0K9oaKm9Ab///z+axh///+TTdn4euh0K9oaKm9AGr/NG46eUVOCBuOAE5D5JQAf+snUZBYAGr/NQgARDgz6GRmd2iNRwG5Yo4NKpQA=',
      ],
      [
        1,
        'lgBAkhwIWQAAA2AAACA//8zn//N2//xt/4dAr7TBqimZFqtSpsbFT0MZlFcAaPEAJ+s+wSIAAuiqaYABx+P/pIblkxbn4XOHtw2vFGAA',
      ],
      [
        2,
        'lgBAkpwIWAAAA2AAACA//9Up//cQf/39n8RgWSIrAzRQWIgj8LnZCxhePaw4w75wAX+ijI2wABPVCVwADJecQr6AeQTlnKNm6I+e9qlEAA==',
      ],
    ],
    checksums: [0xa35db2bd, 0xc343a4e3, 0xb9171b4c],
  },
  {
    codec: 'av1',
    codecString: 'av01.0.00M.08',
    pixelFormat: 'yuv420p',
    packets: [
      [
        0,
        'EgAKCwAAAAO9nJm18gCAMmIQAI5gCCCCCS6wE3goqqrwXFA8CK4Cvc4L3eInc6cW8Ku8XfuD+Q9/02hRgWIdvtJ6XdOG0cZ5Gfe8Uo5I2Vti9vBQX4rsXwuOqSPZ8MBUQM2fYUlWeXDcArTb382EfsoMOA==',
      ],
      [1, 'EgAyLDADwIAAAAaZAAggggsuuIAACt1qfLjDe50q86a7GphFLioDbuxEH3XNwU5s'],
      [2, 'EgAyMDAFwQQAAAaZAAggAgsusIAACt1qfLR9ingJNSaRdxdd9jdaVUhB/j1XPGZNoZnuQA=='],
    ],
    checksums: [0x57d3814d, 0x1f3fa866, 0xfabad438],
  },
  {
    codec: 'av1',
    codecString: 'av01.1.00M.08',
    pixelFormat: 'yuv444p',
    packets: [
      [
        0,
        'EgAKCiAAAAO9nJm18gQysQEQAI5gCCCCCS6wE3goqqrwXE9smeCUU9P+Z1eExxvPv9Zr/x4UoulIX1kL0g17lTFlb5OWd0iiouLwhJE94QE3GNPbXIxfkqmKJlfSia91eKD2FDTBoyZn0OTWST0/GtMgkHT25d6Ij8kXavXBT+97WAZW84Y8fYyQ7CisBHhERpjJLSQPy/ir6XCQe3Jo6VD/xZc1nHyKyImKfCMHtD2rhJ4kEZUvWncsjUOV7/jFlng=',
      ],
      [1, 'EgAyRDADwIAAAAaZAAggggsusIAACt1qfMFCmYs3RAC+WmZrWYikY4Pq38RNI1svoa10C0d/g48uuEjlYpM81EAs6bwzhyU7'],
      [
        2,
        'EgAySTAFwQQAAAaZABBAggsuuIAACt1qfMFCmYs3QTVtOOGoQcFYfWiBdPk7ToRQiyomZLCX0hJ609ARQmR4FMfLoNsmzqdAkwMU7rA=',
      ],
    ],
    checksums: [0x3b9ac171, 0x4fbbeb5d, 0xbec0f403],
  },
  {
    codec: 'av1',
    codecString: 'av01.0.00M.10',
    pixelFormat: 'yuv420p10le',
    packets: [
      [
        0,
        'EgAKCwAAAAO9nJm18oCAMmMQAI5gCCCCCQK4E3goqqry4HA8CK4Cvc4L3eMOe6cW8ZnEXfuD+ScDeKwPcNX08qAysU1l2aMNowwcbAENefGobpu4d9TwNEH3vhe35HGGDo7MHMLI0jAbxn6DWxfJ9oz0mIA=',
      ],
      [1, 'EgAyLDADwIAAAAaZABBAggsuuIAACt1qfLjDe50oa+/pIlBhQitvV2IhmGnsNCiQ'],
      [2, 'EgAyLzAFwQQAAAaZABBAggsuuIAACt1qfLijR36dOL9dgdQpeN8yYP0+SDe42YE45PmA'],
    ],
    checksums: [0x8ec8b947, 0x6ef9a189, 0x095d163d],
  },
];
