/** Finds room for short labels beside points. */

/** Of 11 pixel letters. */
const letterWidth = 7;
const letterHeight = 12;
const pointRadius = 6;

/**
 * @param {readonly { readonly x: number, readonly y: number }[]} points in pixels
 * @param {readonly string[]} labels one for each
 * @param {{ width: number, height: number }} area
 * @returns {({ x: number, y: number } | undefined)[]} where the text starts, from its point; undefined where
 *   it would cover another label or point
 */
export function placeLabels(points, labels, area) {
  /** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */
  /** @type {Box[]} */
  const taken = points.map(({ x, y }) => ({
    left: x - pointRadius,
    top: y - pointRadius,
    right: x + pointRadius,
    bottom: y + pointRadius,
  }));
  return points.map((point, index) => {
    const width = (labels[index] ?? '').length * letterWidth;
    const sides = [
      { x: 7, y: 4 },
      { x: -7 - width, y: 4 },
      { x: -width / 2, y: -8 },
      { x: -width / 2, y: 17 },
    ];
    for (const { x, y } of sides) {
      const left = point.x + x;
      const bottom = point.y + y;
      const box = { left, top: bottom - letterHeight, right: left + width, bottom };
      const inside =
        box.left >= -4 && box.right <= area.width + 4 && box.top >= 0 && box.bottom <= area.height;
      const free = taken.every(
        (other) =>
          other.right <= box.left ||
          other.left >= box.right ||
          other.bottom <= box.top ||
          other.top >= box.bottom,
      );
      if (!inside || !free) continue;
      taken.push(box);
      return { x: Math.round(x), y };
    }
    return undefined;
  });
}
