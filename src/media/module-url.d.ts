/** What scripts/vite-module-url.mjs provides: the absolute URL of a module emitted as its own ES module. */
declare module '*?moduleurl' {
  const url: string;
  export default url;
}
