import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { loadEnv } from 'vite';
import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => {
  const port = loadEnv(mode, '.', 'DEMO_')['DEMO_PORT'] ?? '8080';
  const demo = `http://127.0.0.1:${port}`;
  return {
    base: './',
    plugins: [svelte({ preprocess: vitePreprocess() })],
    build: {
      outDir: 'target/dist',
      emptyOutDir: true,
      target: 'es2023',
      // The server's policy allows no script or font but from files.
      assetsInlineLimit: 0,
    },
    server: {
      proxy: {
        '/demo': demo,
        // The gateway lets pages in from its own origin only, so that is what it is told.
        '/connection': { target: demo, ws: true, headers: { origin: demo } },
      },
    },
    test: {
      include: ['src/**/*.test.ts'],
      environment: 'node',
    },
  };
});
