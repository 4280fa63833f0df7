import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// The window's content policy allows no inline script and no data: font, so nothing may be inlined and no
// preload helper may be injected. Old hashed files would be embedded into the program, hence scripts/clean.mjs.
export default defineConfig({
  plugins: [react()],
  server: { host: '127.0.0.1' },
  build: {
    emptyOutDir: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
  },
  test: {
    pool: 'threads',
    maxWorkers: 2,
    testTimeout: 30_000,
    css: false,
    // Logic needs no DOM, and a DOM costs seconds a file.
    projects: [
      { extends: true, test: { name: 'logic', environment: 'node', include: ['src/**/*.test.ts'] } },
      { extends: true, test: { name: 'window', environment: 'jsdom', setupFiles: ['src/test/setup.ts'], include: ['src/**/*.test.tsx'] } },
    ],
  },
})
