import { FFmpegDNN } from 'ffmpeg-dnn-wasm';

const output = document.querySelector('output');
const video = document.querySelector('video');

try {
  const ffmpeg = new FFmpegDNN();
  await ffmpeg.load({ baseURL: 'static/ffmpeg-dnn' });
  await ffmpeg.writeFile('double.pb', await (await fetch('double.pb')).blob());
  await ffmpeg.exec([
    ...['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=8:duration=1'],
    ...['-pix_fmt', 'yuv420p', 'clip.mp4'],
  ]);
  const filter = 'format=rgb24,dnn_processing=model=double.pb:input=x:output=y';
  const exitCode = await ffmpeg.exec(['-i', 'clip.mp4', '-vf', filter, '-pix_fmt', 'yuv420p', 'out.mp4']);
  const blob = await ffmpeg.readBlob('out.mp4');
  video.addEventListener('loadeddata', () => {
    output.textContent = `${exitCode}: ${video.videoWidth}x${video.videoHeight}`;
  });
  video.src = URL.createObjectURL(blob.slice(0, blob.size, 'video/mp4'));
} catch (error) {
  output.textContent = `failed: ${error.message}`;
}
