// Builds dist/: one style sheet, our script, htmx, the fonts and the static files, each with its smaller forms beside it.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const here = import.meta.dirname;
const dist = path.join(here, "dist");
const modules = path.join(here, "node_modules");
const fonts = {
  figtree: "figtree/files/figtree-latin-wght-normal.woff2",
  archivo: "archivo/files/archivo-latin-wght-normal.woff2",
  bitter: "bitter/files/bitter-latin-wght-normal.woff2",
  "source-serif": "source-serif-4/files/source-serif-4-latin-wght-normal.woff2",
  atkinson: "atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
};

// The server hashes files the same way (kernel::assets).
const hash = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 12);

fs.rmSync(dist, { recursive: true, force: true });
fs.mkdirSync(path.join(dist, "fonts"), { recursive: true });
fs.cpSync(path.join(here, "static"), dist, { recursive: true });
for (const [name, file] of Object.entries(fonts)) {
  fs.copyFileSync(path.join(modules, "@fontsource-variable", file), path.join(dist, "fonts", `${name}.woff2`));
}
const own = fs.readdirSync(path.join(here, "js"));
for (const name of own) fs.copyFileSync(path.join(here, "js", name), path.join(dist, name));
const htmx = fs.readFileSync(path.join(modules, "htmx.org/dist/htmx.min.js"), "utf8");
fs.writeFileSync(path.join(dist, "htmx.js"), htmx.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));

const sheet = path.join(dist, "portal.css");
const tailwind = path.join(modules, "@tailwindcss/cli/dist/index.mjs");
execFileSync(process.execPath, [tailwind, "-i", path.join(here, "css/portal.css"), "-o", sheet, "--minify"], { stdio: ["ignore", "ignore", "inherit"] });
const css = fs.readFileSync(sheet, "utf8").replace(/url\("?(fonts\/[a-z-]+\.woff2)"?\)/g, (_, file) => `url(${file}?v=${hash(fs.readFileSync(path.join(dist, file)))})`);
if (/url\("?fonts\/[^?")]+"?\)/.test(css)) throw new Error("a font has no hash");
fs.writeFileSync(sheet, css);

for (const name of fs.readdirSync(dist, { recursive: true })) {
  const file = path.join(dist, name);
  if (!/\.(css|js|svg|json)$/.test(name)) continue;
  const bytes = fs.readFileSync(file);
  fs.writeFileSync(`${file}.br`, zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } }));
  fs.writeFileSync(`${file}.gz`, zlib.gzipSync(bytes, { level: 9 }));
}

// Budgets: what a page may cost a phone.
const packed = (name) => fs.statSync(path.join(dist, `${name}.gz`)).size;
const script = packed("htmx.js") + own.reduce((sum, name) => sum + packed(name), 0);
console.log(`portal.css ${packed("portal.css")} bytes, script ${script} bytes (gzip)`);
if (script > 40 * 1024 || own.some((name) => packed(name) > 2 * 1024)) throw new Error("the script budget is 40 KB, 2 KB for each of ours");
