import { useEffect, useRef, useState } from 'react';
import { FFmpegDNN } from 'ffmpeg-dnn-wasm';

const clip = [
  '-f',
  'lavfi',
  '-i',
  'testsrc2=size=64x48:rate=8:duration=1',
  '-pix_fmt',
  'yuv420p',
  'clip.mp4',
];
const filter = 'format=rgb24,dnn_processing=model=double.pb:input=x:output=y';

async function enhance() {
  const ffmpeg = new FFmpegDNN();
  await ffmpeg.load();
  await ffmpeg.writeFile('double.pb', await (await fetch('double.pb')).blob());
  await ffmpeg.exec(clip);
  await ffmpeg.exec(['-i', 'clip.mp4', '-vf', filter, '-pix_fmt', 'yuv420p', 'out.mp4']);
  const blob = await ffmpeg.readBlob('out.mp4');
  ffmpeg.terminate();
  return blob.slice(0, blob.size, 'video/mp4');
}

export default function Page() {
  const video = useRef(null);
  const [text, setText] = useState('');
  useEffect(() => {
    enhance().then(
      (blob) => (video.current.src = URL.createObjectURL(blob)),
      (error) => setText(`failed: ${error.message}`),
    );
  }, []);
  const onLoaded = ({ target }) => setText(`0: ${target.videoWidth}x${target.videoHeight}`);
  return (
    <main>
      <video ref={video} muted controls onLoadedData={onLoaded} />
      <output>{text}</output>
    </main>
  );
}
