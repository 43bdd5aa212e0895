import { FFmpegDNN, LiveVideo } from './ffmpeg-dnn/index.js';

const output = document.querySelector('output');
const video = document.querySelector('video');
const filter = 'dnn_processing=model=double.pb:input=x:output=y';

/** Twice the size of a generated clip. */
async function enhance() {
  const ffmpeg = new FFmpegDNN();
  await ffmpeg.load();
  await ffmpeg.writeFile('double.pb', await (await fetch('double.pb')).blob());
  const clip = [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=64x48:rate=8:duration=1',
    '-pix_fmt',
    'yuv420p',
    'clip.mp4',
  ];
  await ffmpeg.exec(clip);
  const job = ['-i', 'clip.mp4', '-vf', `format=rgb24,${filter}`, '-pix_fmt', 'yuv420p', 'out.mp4'];
  const exitCode = await ffmpeg.exec(job);
  const blob = await ffmpeg.readBlob('out.mp4');
  ffmpeg.terminate();
  return { exitCode, blob };
}

/** One frame of live video, from a canvas that somebody paints. */
async function live() {
  const painted = document.createElement('canvas');
  [painted.width, painted.height] = [64, 48];
  const context = painted.getContext('2d');
  const timer = setInterval(() => context.fillRect(0, 0, 64 * Math.random(), 48), 50);
  const shown = Promise.withResolvers();
  const session = await LiveVideo.start({
    source: painted.captureStream(),
    canvas: document.querySelector('canvas'),
    filter: `format=rgb24,${filter}`,
    files: { 'double.pb': 'double.pb' },
    onStats: ({ framesShown, width, height }) => {
      if (framesShown > 0) shown.resolve(`${width}x${height}`);
    },
    onError: shown.reject,
  });
  const size = await shown.promise;
  await session.stop();
  clearInterval(timer);
  return size;
}

try {
  const { exitCode, blob } = await enhance();
  const size = await live();
  video.addEventListener('loadeddata', () => {
    output.textContent = `${exitCode}: ${video.videoWidth}x${video.videoHeight}, live ${size}`;
  });
  video.src = URL.createObjectURL(blob.slice(0, blob.size, 'video/mp4'));
} catch (error) {
  output.textContent = `failed: ${error.message}`;
}
