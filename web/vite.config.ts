import { defineConfig } from "vite";

const server = process.env.TELEVISIT_SERVER ?? "http://127.0.0.1:8000";

export default defineConfig({
  // Preact's JSX needs no plugin: Oxc compiles it.
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  server: {
    port: 3000,
    strictPort: true,
    // `ws` lets the signalling WebSocket of a call through as well.
    proxy: {
      "/api": { target: server, ws: true },
      "/healthz": { target: server },
    },
  },
  build: {
    target: "es2022",
    // Inlined assets would be data: URLs, which the content security policy refuses for fonts and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
  },
});
