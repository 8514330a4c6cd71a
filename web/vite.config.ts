import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// Everything the screens need is built into web/dist and carried in the binary: no request leaves the node.
export default defineConfig({
  plugins: [svelte()],
  base: "/",
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1300,
    rollupOptions: { input: ["index.html", "survey.html", "proof.html", "phone.html"] },
  },
  worker: { format: "es" },
  server: { proxy: { "/api": process.env["PEHRA_API"] ?? "http://127.0.0.1:7717" } },
});
