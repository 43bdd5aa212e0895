/**
 * What was detected, drawn: by this project's drawbox and drawtext, wherever
 * ffmpeg's own filters stand between.
 */
import { ssdModel } from './detection-models.ts';
import type { FFmpegPage } from './ffmpeg-page.ts';
import { expect, test } from './page-test.ts';

const source = ['-f', 'lavfi', '-t', '0.4', '-i', 'testsrc2=size=100x80:rate=10'];
const detect = 'dnn_detect=model=ssd.pb:input=x:output=detection_out';
const boxes = 'drawbox=box_source=side_data_detection_bboxes:color=red:t=2';

/** The frames that a chain makes, as raw video of a pixel format. */
async function frames(ffmpeg: FFmpegPage, format: string, chain: string): Promise<Buffer> {
  await ffmpeg.make(...source, '-vf', chain, '-pix_fmt', format, '-f', 'rawvideo', 'out.raw');
  return ffmpeg.read('out.raw');
}

test.beforeEach(async ({ ffmpeg }) => {
  await ffmpeg.write('ssd.pb', ssdModel([[1, 0.9, 0.1, 0.25, 0.5, 0.75]]));
});

for (const format of ['rgb24', 'yuv420p', 'yuv444p', 'yuv411p']) {
  test(`boxes are those of ffmpeg's own drawbox at the same place: ${format}`, async ({ ffmpeg }) => {
    const ours = await frames(ffmpeg, format, `format=${format},${detect},${boxes}`);
    const theirs = await frames(ffmpeg, format, `format=${format},drawbox=x=10:y=20:w=40:h=40:color=red:t=2`);
    expect(ours.equals(theirs)).toBe(true);
    expect(ours.equals(await frames(ffmpeg, format, `format=${format}`))).toBe(false);
  });
}

test('detections pass the filters of ffmpeg between, by the time of their frame', async ({ ffmpeg }) => {
  const between = await frames(ffmpeg, 'yuv420p', `format=yuv420p,${detect},hue=s=0,${boxes}`);
  const alone = await frames(
    ffmpeg,
    'yuv420p',
    'format=yuv420p,hue=s=0,drawbox=x=10:y=20:w=40:h=40:color=red:t=2',
  );
  expect(between.equals(alone)).toBe(true);
});

test('labels are written over the boxes, and a plain drawbox stays with ffmpeg', async ({ ffmpeg }) => {
  const label =
    'drawtext=text_source=side_data_detection_bboxes:fontcolor=white:fontsize=16:box=1:boxcolor=black';
  const chain = `format=yuv420p,${detect},${boxes},${label}`;
  const labelled = await frames(ffmpeg, 'gray', chain);
  const plain = await frames(ffmpeg, 'gray', `format=yuv420p,${detect},${boxes}`);
  const changed = [...labelled.subarray(0, 8000).entries()]
    .filter(([at, value]) => value !== plain[at])
    .map(([at]) => Math.floor(at / 100));
  // Over the box, whose first row is 20, and nowhere else.
  expect(changed.length).toBeGreaterThan(20);
  expect(Math.min(...changed)).toBeGreaterThanOrEqual(4);
  expect(Math.max(...changed)).toBeLessThan(20);
  const twice = await frames(ffmpeg, 'gray', `${chain},drawbox=x=0:y=0:w=4:h=4:color=white:t=fill`);
  expect(twice[0]).toBe(255);
});

test('several frames in flight, batches, and no detections at all', async ({ ffmpeg }) => {
  await ffmpeg.write('none.pb', ssdModel([[1, 0.1, 0, 0, 1, 1]]));
  const none = `dnn_detect=model=none.pb:input=x:output=detection_out:nireq=3:batch_size=2`;
  const drawn = await frames(ffmpeg, 'yuv420p', `format=yuv420p,${none},${boxes}`);
  expect(drawn.equals(await frames(ffmpeg, 'yuv420p', 'format=yuv420p'))).toBe(true);
  const outcome = await ffmpeg.run([...source, '-vf', `${detect},${boxes}:colr=red`, '-f', 'null', '-']);
  expect(outcome.error?.message).toContain("Option 'colr' of drawbox not found");
});
