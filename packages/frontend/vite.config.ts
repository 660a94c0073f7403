import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds the API; behind nginx both come from one origin. */
const backend = process.env.HELPDESK_BACKEND ?? 'http://127.0.0.1:8000';

// The release's version is not built in: it arrives from /health/ at run time, so that
// a release which does not change this project keeps its image.
export default defineConfig({
  plugins: [react()],
  server: { host: '127.0.0.1', port: 3000, proxy: { '/api': backend, '/health': backend } },
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022' },
});
