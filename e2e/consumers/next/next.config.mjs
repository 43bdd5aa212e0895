/**
 * Static export; nothing about the package. Turbopack finds its files just as well, but writes a script into each page,
 * which the strict policy refuses.
 */
export default { output: 'export' };
