import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// While developing, `CARUSO_URL=http://localhost:4000 vite` serves this application against a running front office.
const server = process.env.CARUSO_URL ?? 'http://localhost:4000';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    target: 'es2022',
    // The content security policy admits no inline scripts.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // The script developer, loaded alone, brings the parser of XML.
    chunkSizeWarningLimit: 2000,
  },
  server: { proxy: { '/api': { target: server, ws: true } } },
});
