// Looks at what `cargo run -p platform --example render` wrote: pictures at two widths in light and dark, axe on each,
// nothing wider than the window down to 320 px, nothing to press under 44 px, no error in the console under our policy.
// CHROMIUM=/usr/bin/chromium npm run look -- ../../../target/pages [part of a name]
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { createHash } from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";

const [folder = "../../../target/pages", only = ""] = process.argv.slice(2);
const shots = path.join(folder, "shots");
fs.mkdirSync(shots, { recursive: true });
const drawings = path.join(import.meta.dirname, "../src/dev/demo/photos");
const types = { ".jpg": "image/jpeg", ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

/** The policy the server sends, with the hash of the page's one style. Mails have none. */
function policy(name, html) {
  if (!name.endsWith(".html") || name.startsWith("mail-")) return {};
  const style = /<style>([\s\S]*?)<\/style>/.exec(html.toString())?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  return { "content-security-policy": `default-src 'self'; style-src 'self' 'sha256-${hash}'; img-src 'self' data:; base-uri 'none'` };
}

const server = http.createServer((request, response) => {
  const name = new URL(request.url, "http://look").pathname.slice(1);
  // Samples name the demo's drawings as their photos.
  const [, drawing] = /^photos\/([a-z-]+)\/(?:\d+|original)$/.exec(name) ?? [];
  const file = drawing ? path.join(drawings, `${drawing}.jpg`) : path.join(folder, name);
  if (!fs.existsSync(file) || fs.statSync(file).isDirectory()) return response.writeHead(204).end();
  const body = fs.readFileSync(file);
  response.writeHead(200, { "content-type": types[path.extname(file)] ?? "application/octet-stream", ...policy(name, body) });
  response.end(body);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const base = `http://127.0.0.1:${server.address().port}/`;
const args = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });

let wrong = 0;
const say = (...words) => {
  wrong += 1;
  console.log(...words);
};

/** Things to press that are too small for a thumb. Links inside a sentence may be as high as its line. */
const small = () =>
  [...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")]
    .filter((e) => {
      const box = e.getBoundingClientRect();
      const inSentence = e.matches("p a, dd a, li p a, span a, .pl-doc h3 a");
      return box.width && box.height < 43.5 && !inSentence && !e.matches(".pl-skip, .pl-check input, .pl-large-toggle input");
    })
    .map((e) => e.textContent.trim().slice(0, 30) || e.name);

async function inspect(page, name, theme, width, fit = async () => {}) {
  const where = `${name} ${theme} ${width}:`;
  if (width !== 320) await page.screenshot({ path: path.join(shots, `${name}-${theme}-${width}.png`) });
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
  await fit();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (wide > width) say(where, "is", wide, "wide");
  const mail = name.startsWith("mail-");
  if (!mail && width === 390) for (const text of await page.evaluate(small)) say(where, "is small:", text);
  const tags = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];
  const result = width === 320 ? { violations: [] } : await new AxeBuilder({ page }).withTags(tags).analyze();
  for (const v of result.violations) {
    say(where, v.id, v.nodes.slice(0, 2).map((n) => `${n.target.join(" ")} | ${(n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? ""}`.slice(0, 200)).join(" || "));
  }
}

async function look(name, theme, width) {
  const context = await browser.newContext({ viewport: { width, height: 640 }, colorScheme: theme, reducedMotion: "reduce" });
  const page = await context.newPage();
  const where = `${name} ${theme} ${width}:`;
  page.on("console", (message) => message.type() === "error" && say(where, message.text()));
  page.on("request", (request) => request.url().startsWith(base) || request.url().startsWith("data:") || say(where, "asks elsewhere", request.url()));
  await page.goto(base + name);
  await page.evaluate(() => document.fonts.ready);
  // As high as the page, so that the bar at the bottom covers nothing.
  const fit = async () => page.setViewportSize({ width, height: Math.max(900, await page.evaluate(() => document.documentElement.scrollHeight)) });
  await fit();
  await page.waitForLoadState("networkidle");
  await inspect(page, name.replace(".html", ""), theme, width, fit);
  // A large photo covers the page: it is looked at as its address opens it.
  const large = await page.evaluate(() => (document.querySelector(".pl-large:has(svg text)") ?? document.querySelector(".pl-large"))?.id);
  if (large) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${base}${name}#${large}`);
    await page.waitForLoadState("networkidle");
    await inspect(page, `${name.replace(".html", "")}-large`, theme, width);
  }
  await context.close();
}

const pages = fs.readdirSync(folder).filter((name) => name.endsWith(".html") && !name.includes("_progress") && name.includes(only));
const jobs = pages.flatMap((name) => ["light", "dark"].flatMap((theme) => [390, 1280].map((width) => [name, theme, width])).concat([[name, "light", 320]]));
const total = jobs.length;
const worker = async () => {
  for (let job = jobs.shift(); job; job = jobs.shift()) await look(...job);
};
await Promise.all([worker(), worker()]);
await browser.close();
server.close();
console.log(`${total} looks at ${pages.length} pages, ${wrong} wrong`);
process.exitCode = wrong ? 1 : 0;
