/** Styles inside `<ffmpeg-dnn>`; a page changes them by `::part()` and custom properties. */
export const elementStyle = `
:host {
  --accent: var(--ffmpeg-dnn-accent, light-dark(#0b6e4f, #59d0a3));
  --on-accent: var(--ffmpeg-dnn-on-accent, light-dark(#fff, #0c1512));
  --ground: var(--ffmpeg-dnn-background, light-dark(#fff, #19211e));
  --text: var(--ffmpeg-dnn-color, light-dark(#16211d, #e6eeea));
  --muted: light-dark(#52605a, #a9b8b1);
  --line: light-dark(#7d8b85, #6f8078);
  --warn: light-dark(#8a2c0d, #ffb59a);
  --radius: var(--ffmpeg-dnn-radius, 0.5rem);
  color-scheme: light dark;
  display: block;
  color: var(--text);
  background: var(--ground);
  border-radius: var(--radius);
  font: 1rem/1.5 system-ui, sans-serif;
}
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
.stage { position: relative; overflow: hidden; border-radius: var(--radius); background: #000; min-height: 6rem; }
.stage.empty { background: transparent; }
.stage > video, .stage > img, .stage > canvas { display: block; width: 100%; height: auto; max-height: 80vh; object-fit: contain; }
.stage > .over { position: absolute; inset: 0; height: 100%; max-height: none; clip-path: inset(0 calc(100% - var(--split, 50%)) 0 0); }
.stage > .boxes { position: absolute; inset: 0; height: 100%; max-height: none; pointer-events: none; }
.line { position: absolute; inset-block: 0; left: var(--split, 50%); width: 2px; margin-left: -1px; background: #fff; box-shadow: 0 0 0 1px #0008; pointer-events: none; }
/* A finger that goes sideways moves the divider; the browser would take it for scrolling. */
.stage:has(> .over) { touch-action: pan-y pinch-zoom; }
.tag { position: absolute; top: 0.5rem; padding: 0 0.5rem; border-radius: 1rem; background: #000b; color: #fff; font-size: 0.8rem; pointer-events: none; }
.tag.before { left: 0.5rem; }
.tag.after { right: 0.5rem; }
.bar { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; padding: 0.5rem; }
button, .download {
  min-height: 44px; min-width: 44px; padding: 0 1rem; font: inherit; cursor: pointer; text-decoration: none;
  display: inline-flex; align-items: center; border: 1px solid var(--line); border-radius: var(--radius);
  background: transparent; color: inherit;
}
button.start { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
button:disabled { opacity: 0.5; cursor: default; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
progress { accent-color: var(--accent); width: 100%; height: 0.75rem; }
input[type='range'] { width: 100%; min-height: 44px; accent-color: var(--accent); margin: 0; }
.words { padding: 0 0.5rem 0.5rem; margin: 0; color: var(--muted); min-height: 1.5em; }
.failure { margin: 0 0.5rem 0.5rem; padding: 0.5rem; border-inline-start: 4px solid var(--warn); color: var(--warn); white-space: pre-wrap; overflow-x: auto; font: inherit; }
@media (forced-colors: active) { .stage, .failure { border: 1px solid; } }
@media (prefers-reduced-motion: no-preference) { button { transition: opacity 0.15s; } }
`;
