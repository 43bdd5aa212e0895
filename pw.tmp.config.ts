import base from './playwright.config.ts';
const port = 4273;
export default { ...base, projects: [{ name: 'preview', use: { baseURL: `http://localhost:${port}` } }],
  webServer: [{ command: `npx vite preview --port ${port} --strictPort`, port, reuseExistingServer: false }] };
