import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `vite` (development only) finds a running instance; the built console is served by it. */
const instanceUrl = process.env['TAILRACE_URL'] ?? 'http://127.0.0.1:8787';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [react(), tailwindcss()],
  server: { host: '127.0.0.1', proxy: { '/api': instanceUrl } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The content security policy of the control server allows no inline data except images.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
});
