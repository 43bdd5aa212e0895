/** Everything that the demo offers, by mouse alone, by keyboard alone, by touch alone. */
import type { Locator, Page } from 'playwright/test';
import { ssdModel } from './detection-models.ts';
import { fakeCamera } from './fake-camera.ts';
import { hands, type Hand } from './hands.ts';
import { makeClips, type Clip } from './made-clips.ts';
import { expect, test } from './page-test.ts';

test.use({ ...fakeCamera, hasTouch: true });

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true });
const status = (page: Page) => page.locator('#player').getByRole('status');
const figures = (page: Page) => page.locator('#player [part=figures]');

const model = { name: 'ssd.pb', mimeType: '', buffer: Buffer.from(ssdModel([[1, 0.9, 0, 0, 0.5, 0.5]])) };
const labels = { name: 'labels.txt', mimeType: '', buffer: Buffer.from('zero\ncat\n') };

/** Chooses files in the dialog that an input opens. */
async function chooseFiles(hand: Hand, input: Locator, files: Clip[]): Promise<void> {
  const opening = input.page().waitForEvent('filechooser');
  await hand.press(input);
  await (await opening).setFiles(files);
}

async function savedName(hand: Hand, target: Locator): Promise<string> {
  const downloading = target.page().waitForEvent('download');
  await hand.press(target);
  return (await downloading).suggestedFilename();
}

async function typeFilter(page: Page, hand: Hand): Promise<void> {
  const filter = page.getByRole('combobox', { name: 'Filter chain' });
  const offer = page.getByRole('listbox', { name: 'What can stand here' }).getByRole('option').first();
  await hand.enter(filter);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('dnn_det');
  await expect(offer).toHaveText(/^dnn_detect=/);
  await hand.takeOffer(filter, offer);
  await expect(filter).toHaveValue('dnn_detect=');
  await page.keyboard.type('model=ssd.pb:input=x:output=detection_out:labels=labels.txt');
  await page.keyboard.press('Escape');
}

for (const [name, hand] of Object.entries(hands)) {
  test(`files by ${name} alone`, async ({ page }) => {
    // A folder of the origin's own stands in for one of the disk, for which a dialog of the system would ask.
    await page.addInitScript(() => {
      Object.assign(window, { showDirectoryPicker: () => navigator.storage.getDirectory() });
    });
    await page.goto('/');
    const [clip] = (await makeClips(page, [0.4, '64x48'])) as [Clip];

    await hand.press(button(page, 'Use a generated sample'));
    await expect(page.locator('#queue .name')).toHaveText(/^sample\.mp4/);
    await hand.choose(page.getByLabel('Network'), 'Twice the size, balanced (Anime4K M)');
    await expect(page.getByLabel('Filter chain')).toHaveValue(/anime4k-2x-m\.pb/);
    await hand.press(button(page, 'Estimate'));
    await expect(page.locator('#estimate-words')).toHaveText(/^About \d+:\d\d for 96 frames/);
    await hand.press(button(page, 'Enhance'));
    await expect(figures(page)).toHaveText(/Frame \d+ of 96/);
    await hand.press(button(page, 'Pause'));
    await hand.press(button(page, 'Resume'));
    await expect(button(page, 'Pause')).toBeEnabled();
    await hand.press(button(page, 'Cancel'));
    await expect(status(page)).toHaveText('Cancelled.');
    await hand.press(button(page, 'Remove sample.mp4'));
    await expect(page.locator('#queue')).toBeHidden();

    await expect(page.locator('#file')).toBeFocused();
    await chooseFiles(hand, page.locator('#file'), [clip, { ...clip, name: 'second.mp4' }]);
    await hand.press(button(page, 'Remove second.mp4'));
    await expect(button(page, 'Remove clip-0.4.mp4')).toBeFocused();
    await expect(page.locator('#queue .name')).toHaveText([/^clip-0\.4\.mp4/]);
    await chooseFiles(hand, page.getByLabel('Own models'), [model, labels]);
    await expect(page.locator('#own-models code')).toHaveText(['ssd.pb', 'labels.txt']);
    await typeFilter(page, hand);
    await hand.press(button(page, 'Save straight to a folder …'));
    await hand.press(button(page, 'Keep results in the page'));
    await hand.press(button(page, 'Enhance'));
    await expect(status(page)).toHaveText('Done.', { timeout: 60_000 });

    const divider = page.getByRole('slider');
    await hand.moveDivider(divider, page.locator('#player [part=stage]'), 60);
    await expect(divider).toHaveValue('60');
    await hand.press(button(page, 'Play'));
    await hand.press(button(page, 'Pause video'));
    await expect(button(page, 'Play')).toBeVisible();
    expect(await savedName(hand, link(page, 'Save clip-0.4-enhanced.mp4'))).toBe('clip-0.4-enhanced.mp4');
    expect(await savedName(hand, link(page, 'Download'))).toBe('clip-0.4-enhanced.mp4');
    expect(await savedName(hand, link(page, 'Save detections'))).toMatch(/\.jsonl?$/);
    await expect(page.locator('#log')).toBeHidden();
    await hand.press(page.getByText('What ffmpeg says'));
    await expect(page.locator('#log')).toContainText('libx264');
  });

  test(`the camera by ${name} alone`, async ({ page }) => {
    await page.goto('/');
    await hand.press(button(page, 'Use the camera'));
    await expect(button(page, 'Leave the camera')).toHaveAttribute('aria-pressed', 'true');
    await hand.press(button(page, 'Start'));
    await expect(status(page)).toHaveText('Live.');
    await expect(figures(page)).toContainText(/1280x720, .* frames\/s, \d+ ms behind/);
    await hand.press(button(page, 'Pause'));
    await expect(figures(page)).toHaveText('Paused.');
    await hand.press(button(page, 'Resume'));
    await expect(figures(page)).toContainText('ms behind');
    await hand.press(button(page, 'Cancel'));
    await expect(status(page)).toHaveText('Stopped.');
    await hand.press(button(page, 'Leave the camera'));
    await expect(page.getByText('Nothing chosen yet')).toBeVisible();
    await expect(button(page, 'Enhance')).toBeEnabled();

    // Likewise without stopping it before.
    await hand.press(button(page, 'Use the camera'));
    await hand.press(button(page, 'Start'));
    await expect(figures(page)).toContainText('ms behind');
    await hand.press(button(page, 'Leave the camera'));
    await expect(page.getByText('Nothing chosen yet')).toBeVisible();
    await expect(button(page, 'Enhance')).toBeEnabled();
  });
}
