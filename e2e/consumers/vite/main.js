import { FFmpegDNN } from 'ffmpeg-dnn-wasm';
import 'ffmpeg-dnn-wasm/element';

const output = document.querySelector('output');
const element = document.querySelector('ffmpeg-dnn');

async function generatedClip() {
  const ffmpeg = new FFmpegDNN();
  await ffmpeg.load();
  await ffmpeg.exec([
    ...['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=8:duration=1'],
    ...['-pix_fmt', 'yuv420p', 'clip.mp4'],
  ]);
  const blob = await ffmpeg.readBlob('clip.mp4');
  return new File([blob], 'clip.mp4', { type: 'video/mp4' });
}

try {
  element.srcObject = await generatedClip();
  const result = await element.process();
  const video = document.createElement('video');
  video.addEventListener('loadeddata', () => {
    output.textContent = `0: ${video.videoWidth}x${video.videoHeight}`;
  });
  video.src = URL.createObjectURL(result);
} catch (error) {
  output.textContent = `failed: ${error.message}`;
}
