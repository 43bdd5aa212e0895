/**
 * The three ways in which a person works a page. Nothing is reached by program
 * that such a hand could not reach.
 */
import type { Locator, Page } from 'playwright/test';

export interface Hand {
  /** A button, a link, the summary of something closed, a field that opens a dialog. */
  press(target: Locator): Promise<void>;
  /** Puts the caret into a field; what is typed then comes from some keyboard in any case. */
  enter(field: Locator): Promise<void>;
  /** Moves a divider to `percent` of the stage it stands on; a key moves it by one. */
  moveDivider(divider: Locator, stage: Locator, percent: number): Promise<void>;
  /** Takes an entry of a list. */
  choose(select: Locator, title: string): Promise<void>;
  /** Takes the first of a field's offers. */
  takeOffer(field: Locator, offer: Locator): Promise<void>;
}

/** More than any page here has: a target that is not reached by then cannot be. */
const mostTabs = 60;

/** The mouse and the finger: only how they touch a point differs. */
function pointer(press: Hand['press'], moveDivider: Hand['moveDivider']): Hand {
  return {
    press,
    enter: press,
    // The list that opens belongs to the browser: a spec cannot point at what is in it.
    async choose(select, title) {
      await select.selectOption({ label: title });
    },
    takeOffer: (_, offer) => press(offer),
    moveDivider,
  };
}

const mouse = pointer(
  (target) => target.click(),
  async (_, stage, percent) => {
    const [x, y] = await pointOn(stage, percent);
    await stage.page().mouse.move(x, y);
  },
);

const touch = pointer(
  (target) => target.tap(),
  async (divider, stage, percent) => {
    const page = stage.page();
    const from = Number(await divider.inputValue());
    const session = await page.context().newCDPSession(page);
    const steps = 8;
    for (let step = 0; step <= steps; step++) {
      const [x, y] = await pointOn(stage, from + ((percent - from) * step) / steps);
      const type = step === 0 ? 'touchStart' : 'touchMove';
      await session.send('Input.dispatchTouchEvent', { type, touchPoints: [{ x, y }] });
    }
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await session.detach();
  },
);

const keyboard: Hand = {
  enter: reach,
  async press(target) {
    await reach(target);
    await target.page().keyboard.press('Enter');
  },
  async choose(select, title) {
    await reach(select);
    const count = await select.locator('option').count();
    await select.page().keyboard.press('Home');
    for (let step = 0; step < count; step++) {
      if ((await select.locator('option:checked').textContent()) === title) return;
      await select.page().keyboard.press('ArrowDown');
    }
    throw new Error(`No entry '${title}'.`);
  },
  async takeOffer(field) {
    await field.press('ArrowDown');
    await field.press('Enter');
  },
  async moveDivider(divider, _, percent) {
    await reach(divider);
    const from = Number(await divider.inputValue());
    const key = percent < from ? 'ArrowLeft' : 'ArrowRight';
    for (let step = 0; step < Math.abs(percent - from); step++) await divider.page().keyboard.press(key);
  },
};

export const hands: Readonly<Record<'mouse' | 'keyboard' | 'touch', Hand>> = { mouse, keyboard, touch };

/** Goes from one control to the next until it is there. */
async function reach(target: Locator): Promise<void> {
  await target.waitFor();
  const page: Page = target.page();
  for (let tabs = 0; tabs <= mostTabs; tabs++) {
    const isThere = await target.evaluate(
      (element) => (element.getRootNode() as Document | ShadowRoot).activeElement === element,
    );
    if (isThere) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${mostTabs} tabs do not lead to ${target.toString()}.`);
}

async function pointOn(stage: Locator, percent: number): Promise<[x: number, y: number]> {
  await stage.scrollIntoViewIfNeeded();
  const box = await stage.boundingBox();
  if (box === null) throw new Error('The stage is not shown.');
  return [box.x + (box.width * percent) / 100, box.y + box.height / 2];
}
