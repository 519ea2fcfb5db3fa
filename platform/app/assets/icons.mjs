// Writes the drawings of the icons the templates use into ../templates/icons, from the lucide set (ISC licence).
// Run `npm run icons` after using a new icon name in a template.
import fs from "node:fs";
import path from "node:path";

const templates = path.join(import.meta.dirname, "../templates");
const target = path.join(templates, "icons");
// Names that reach a template as data: navigation, kinds of documents, states.
const named = ["house", "file-text", "monitor-smartphone", "file-pen-line", "stamp", "clipboard-check", "award", "file", "calendar", "hammer", "pause", "circle-check", "archive", "shield-check", "info", "triangle-alert", "octagon-x", "image", "pencil-line", "calendar-x", "message-square", "cloud-rain", "wind", "thermometer-sun", "snowflake", "sun", "calendar-check"];
const used = new Set(named);
for (const name of fs.readdirSync(templates, { recursive: true })) {
  if (!/\.(html|txt)$/.test(name)) continue;
  for (const [, icon] of fs.readFileSync(path.join(templates, name), "utf8").matchAll(/icon\("([a-z0-9-]+)"\)/g)) used.add(icon);
}
fs.rmSync(target, { recursive: true, force: true });
fs.mkdirSync(target, { recursive: true });
for (const name of [...used].sort()) {
  const svg = fs.readFileSync(path.join(import.meta.dirname, "node_modules/lucide-static/icons", `${name}.svg`), "utf8");
  const drawing = svg.replace(/<!--[^>]*-->/g, "").replace(/[\s\S]*?<svg[^>]*>|<\/svg>[\s\S]*/g, "").replace(/\s+/g, " ").trim();
  fs.writeFileSync(path.join(target, `${name}.svg`), `${drawing}\n`);
}
console.log(`${used.size} icons`);
