/** The native backend beside the tensorflow backend, and one network in two file formats. */
import { convertModel } from '../src/pipeline/convert-model.ts';
import { doubleModel, scaleModel } from './models.ts';
import { expect, test } from './page-test.ts';

const filter = (model: string, more = '') => `dnn_processing=model=${model}:input=x:output=y${more}`;

for (const format of ['rgb24', 'yuv420p', 'grayf32le']) {
  test(`the backends give the same ${format} frames, in batches too`, async ({ ffmpeg }) => {
    await ffmpeg.write('double.pb', doubleModel(format === 'rgb24' ? 3 : 1));
    await ffmpeg.clip('in.mkv', 9, '-vf', 'scale=37:23', '-c:v', 'ffv1');
    const results = [];
    for (const more of [':dnn_backend=tensorflow', '', ':nireq=2:batch_size=4']) {
      const chain = `format=${format},${filter('double.pb', more)}`;
      await ffmpeg.make('-i', 'in.mkv', '-vf', chain, '-f', 'rawvideo', 'out.raw');
      results.push(await ffmpeg.read('out.raw'));
    }
    expect(results[0]!.length).toBeGreaterThan(9 * 74 * 46 - 1);
    expect(results[1]!.equals(results[0]!)).toBe(true);
    expect(results[2]!.equals(results[0]!)).toBe(true);
  });
}

test('a .model and the .pb that it was made from give the same frames', async ({ ffmpeg }) => {
  const graph = scaleModel([0.25, 1, 0.75]);
  await ffmpeg.write('scale.pb', graph);
  await ffmpeg.write(
    'scale.model',
    await convertModel(graph, () => Promise.reject(new Error('there is no other file'))),
  );
  await ffmpeg.clip('in.mkv', 4, '-c:v', 'ffv1');
  const results = [];
  for (const model of ['scale.pb', 'scale.model']) {
    await ffmpeg.make('-i', 'in.mkv', '-vf', `format=rgb24,${filter(model)}`, '-f', 'rawvideo', 'out.raw');
    results.push(await ffmpeg.read('out.raw'));
  }
  expect(results[0]!.length).toBe(4 * 64 * 48 * 3);
  expect(results[1]!.equals(results[0]!)).toBe(true);
});
