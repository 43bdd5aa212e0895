/** Progress in words. */
import type { LiveStats, Progress } from '../index.ts';

/** `1:05` for 65 seconds. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

export function progressText({ frame, frames, fps, eta }: Progress): string {
  const of = frames === undefined ? '' : ` of ${frames}`;
  const left = eta === undefined ? 'time left unknown' : `${clock(eta)} left`;
  return `Frame ${frame}${of}, ${fps.toFixed(1)} frames/s, ${left}`;
}

/** Live video's pace and delay in words. */
export function liveText({
  fps,
  latencyMs,
  framesDropped,
  width,
  height,
  paused,
  reason,
}: LiveStats): string {
  if (paused) return reason === 'hidden' ? 'Paused while nobody sees the page.' : 'Paused.';
  return `${width}x${height}, ${fps.toFixed(1)} frames/s, ${latencyMs.toFixed(0)} ms behind, ${framesDropped} frames dropped`;
}
