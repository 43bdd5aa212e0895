/** A tiny TrueType font, every letter of which is a filled square: what it draws can be counted. */

const unitsPerEm = 1000;
const glyphs = 2;

function table(length: number, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  fill(new DataView(bytes.buffer));
  return bytes;
}

function setAll(view: DataView, start: number, values: readonly number[]): void {
  for (const [index, value] of values.entries()) view.setInt16(start + 2 * index, value);
}

/** A square from the base line up, 800 units wide. */
function square(): Uint8Array {
  return table(34, (view) => {
    setAll(view, 0, [1, 100, 0, 900, 800, 3, 0]);
    for (let point = 0; point < 4; point++) view.setUint8(14 + point, 1);
    setAll(view, 18, [100, 0, 800, 0]);
    setAll(view, 26, [0, 800, 0, -800]);
  });
}

/** Format 4: the characters from `!` to `~` are glyph 1. */
function characterMap(): Uint8Array {
  const [first, last] = [0x21, 0x7e];
  const count = last - first + 1;
  const length = 32 + 2 * count;
  return table(12 + length, (view) => {
    setAll(view, 0, [0, 1, 3, 1]);
    view.setUint32(8, 12);
    setAll(view, 12, [4, length, 0, 4, 4, 1, 0, last, -1, 0, first, -1, 0, 1, 4, 0]);
    setAll(
      view,
      44,
      Array.from({ length: count }, () => 1),
    );
  });
}

function names(family: string): Uint8Array {
  const texts = [family, 'Regular', family];
  const strings = 6 + 12 * texts.length;
  return table(strings + 2 * texts.join('').length, (view) => {
    setAll(view, 0, [0, texts.length, strings]);
    let offset = 0;
    for (const [index, text] of texts.entries()) {
      setAll(view, 6 + 12 * index, [3, 1, 0x409, [1, 2, 4][index]!, 2 * text.length, offset]);
      for (let at = 0; at < text.length; at++) {
        view.setUint16(strings + offset + 2 * at, text.charCodeAt(at));
      }
      offset += 2 * text.length;
    }
  });
}

/** The bytes of the font. */
export function squareFont(family: string): Uint8Array<ArrayBuffer> {
  const glyph = square();
  const tables: readonly (readonly [string, Uint8Array])[] = [
    [
      'OS/2',
      table(96, (view) => {
        setAll(view, 0, [4, 900, 400, 5]);
        setAll(view, 62, [0x40, 0x21, 0x7e, 800, -200, 0, 800, 200]);
      }),
    ],
    ['cmap', characterMap()],
    ['glyf', glyph],
    [
      'head',
      table(54, (view) => {
        view.setUint32(0, 0x00010000);
        view.setUint32(12, 0x5f0f3cf5);
        view.setUint16(18, unitsPerEm);
        setAll(view, 36, [100, 0, 900, 800, 0, 8, 2, 1, 0]);
      }),
    ],
    [
      'hhea',
      table(36, (view) => {
        view.setUint32(0, 0x00010000);
        setAll(view, 4, [800, -200, 0, 1000]);
        view.setUint16(34, glyphs);
      }),
    ],
    [
      'hmtx',
      table(4 * glyphs, (view) => {
        setAll(view, 0, [1000, 0, 1000, 100]);
      }),
    ],
    [
      'loca',
      table(12, (view) => {
        view.setUint32(8, glyph.length);
      }),
    ],
    [
      'maxp',
      table(32, (view) => {
        view.setUint32(0, 0x00010000);
        setAll(view, 4, [glyphs, 4, 1, 0, 0, 2]);
      }),
    ],
    ['name', names(family)],
    [
      'post',
      table(32, (view) => {
        view.setUint32(0, 0x00030000);
      }),
    ],
  ];
  return withDirectory(tables);
}

function withDirectory(tables: readonly (readonly [string, Uint8Array])[]): Uint8Array<ArrayBuffer> {
  const padded = ({ length }: Uint8Array): number => (length + 3) & ~3;
  const size = tables.reduce((sum, [, bytes]) => sum + padded(bytes), 12 + 16 * tables.length);
  const font = new Uint8Array(size);
  const view = new DataView(font.buffer);
  view.setUint32(0, 0x00010000);
  setAll(view, 4, [tables.length, 128, 3, 32]);
  let offset = 12 + 16 * tables.length;
  for (const [index, [tag, bytes]] of tables.entries()) {
    const entry = 12 + 16 * index;
    font.set(new TextEncoder().encode(tag), entry);
    view.setUint32(entry + 8, offset);
    view.setUint32(entry + 12, bytes.length);
    font.set(bytes, offset);
    offset += padded(bytes);
  }
  return font;
}
