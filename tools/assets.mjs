// Builds webforms/static/dist from node_modules: style sheet, font, sprite of the icons used, and one bundle for each webforms/assets/*.js.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const OUT = "webforms/static/dist";
const ENTRIES = "webforms/assets";
const ICON_USE = /icono\(\s*["']([a-z0-9-]+)["']/g;
const ICON_WORD = /(?:#|\/\/|\*)\s*icono:\s*([a-z0-9-]+)/g; // a comment "icono: name" for names that are computed

function filesBelow(folder, endings) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name));
}

function iconsUsed() {
  const names = new Set();
  for (const file of filesBelow("webforms", [".html", ".py", ".js"])) {
    if (file.startsWith(OUT)) continue;
    const text = readFileSync(file, "utf8");
    for (const pattern of [ICON_USE, ICON_WORD]) for (const match of text.matchAll(pattern)) names.add(match[1]);
  }
  return [...names].sort();
}

function symbol(name) {
  const path = `node_modules/bootstrap-icons/icons/${name}.svg`;
  if (!existsSync(path)) throw new Error(`there is no icon "${name}" in bootstrap-icons`);
  const inner = readFileSync(path, "utf8").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").trim();
  return `<symbol id="${name}" viewBox="0 0 16 16">${inner}</symbol>`;
}

function writeSprite() {
  const symbols = iconsUsed().map(symbol).join("\n");
  writeFileSync(join(OUT, "iconos.svg"), `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols}\n</svg>\n`);
}

async function bundle() {
  const scripts = existsSync(ENTRIES) ? readdirSync(ENTRIES).filter((name) => name.endsWith(".js")) : [];
  await build({
    entryPoints: [...scripts.map((name) => join(ENTRIES, name)), "node_modules/bootstrap/dist/css/bootstrap.min.css"],
    outdir: OUT, // an entry that imports CSS gives NAME.css beside NAME.js
    entryNames: "[name]",
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    loader: { ".woff": "dataurl", ".woff2": "dataurl", ".ttf": "dataurl", ".svg": "dataurl", ".bpmn": "text" },
    legalComments: "linked",
    logLevel: "warning",
  });
}

function copyFont() {
  const folder = "node_modules/@fontsource-variable/work-sans/files";
  copyFileSync(join(folder, "work-sans-latin-wght-normal.woff2"), join(OUT, "work-sans.woff2"));
}

function compress() {
  for (const file of filesBelow(OUT, [".js", ".css", ".svg"])) writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
}

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
await bundle();
copyFont();
writeSprite();
compress();
console.log(`${readdirSync(OUT).map((name) => basename(name)).join(" ")}`);
