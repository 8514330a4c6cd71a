// The page that checks proofs as one file: for a telephone that has no node, by stick or message. Script, styles and
// both languages are in it; letters are the telephone's own. Written beside the built pages.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build } from "vite";

const web = fileURLToPath(new URL("..", import.meta.url));
const made = await build({
  root: web,
  configFile: false,
  logLevel: "error",
  plugins: [svelte()],
  build: {
    target: "es2022",
    write: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    copyPublicDir: false,
    rollupOptions: { input: `${web}/src/check.ts`, output: { format: "iife", codeSplitting: false } },
  },
});
const parts = (Array.isArray(made) ? made : [made]).flatMap((one) => one.output);
const scripts = parts.filter((part) => part.type === "chunk");
if (scripts.length !== 1) throw new Error(`the page is ${scripts.length} scripts, not one`);
const styles = parts.filter((part) => part.type === "asset" && part.fileName.endsWith(".css")).map((part) => String(part.source).replace(/@font-face\s*\{[^}]*\}/g, ""));
const before = readFileSync(`${web}/public/before.js`, "utf8");
// Whatever could end a script early inside one.
const inside = (code) => code.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
const page = readFileSync(`${web}/proof.html`, "utf8")
  .replace(/\s*<link rel="icon"[^>]*>/, "")
  .replace(/<script src="\/before\.js"><\/script>/, () => `<script>${inside(before)}</script>\n    <style>${styles.join("\n")}</style>`)
  .replace(/<script type="module"[^>]*><\/script>/, () => `<script>${inside(scripts[0].code)}</script>`);
if (/(?:src|href)="\/(?!api|proof|")/.test(page.replace(/<script>[\s\S]*?<\/script>/g, ""))) throw new Error("the page still asks for another file");
writeFileSync(`${web}/dist/proof-offline.html`, page);
