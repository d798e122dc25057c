// What the built console must hold: tokens that exist, no embedded font, a first load that is small, every licence.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url);
const MODULES = new URL("../node_modules/", import.meta.url);
const FIRST_LOAD = ["index.html", "src/app/sign-in.tsx", "src/app/shell.tsx", "src/iam/dashboard.tsx"];
const FIRST_LOAD_KB = 300;

const text = (url) => readFileSync(url, "utf8");
const faults = [];

function checkStyles() {
  const css = readdirSync(new URL("assets/", DIST))
    .filter((name) => name.endsWith(".css"))
    .map((name) => text(new URL(`assets/${name}`, DIST)))
    .join("\n");
  if (css.includes("@font-face")) faults.push("a stylesheet embeds a font");
  const defined = new Set([...css.matchAll(/(--[\w-]+)\s*:/g)].map((match) => match[1]));
  const used = [...text(new URL("@cloudscape-design/design-tokens/index.js", MODULES)).matchAll(/var\((--[\w-]+)/g)];
  const missing = used.map((match) => match[1]).filter((name) => !defined.has(name));
  if (used.length === 0 || missing.length > 0) {
    faults.push(`design tokens and components do not match: ${missing.length} unknown, first ${missing[0]}`);
  }
}

function checkFirstLoad() {
  const manifest = JSON.parse(text(new URL("manifest.json", DIST)));
  const files = new Set();
  const add = (name) => {
    const chunk = manifest[name];
    if (chunk === undefined) return faults.push(`no chunk ${name}: the routes are not split as they should be`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const imported of chunk.imports ?? []) add(imported);
  };
  FIRST_LOAD.forEach(add);
  const bytes = [...files]
    .filter((name) => name.endsWith(".js"))
    .reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, DIST)), { level: 9 }).length, 0);
  console.log(`first load: ${(bytes / 1024).toFixed(0)} of ${FIRST_LOAD_KB} KB of JavaScript, compressed`);
  if (bytes > FIRST_LOAD_KB * 1024) faults.push(`the first load is ${bytes} bytes`);
}

function writeLicences() {
  const lock = JSON.parse(text(new URL("../package-lock.json", import.meta.url)));
  const shipped = Object.entries(lock.packages).filter(([path, entry]) => path !== "" && !entry.dev && !entry.optional);
  const sections = shipped.map(([path, entry]) => {
    const folder = new URL(`../${path}/`, import.meta.url);
    const files = readdirSync(folder).filter((name) => /^(licen[cs]e|notice)/i.test(name));
    if (!/^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|Python-2\.0)$/.test(entry.license)) {
      faults.push(`${path}: licence ${entry.license} is not one that we know`);
    }
    const texts = files.map((name) => text(new URL(name, folder)).trim());
    return [`${path.replace(/^.*node_modules\//, "")} ${entry.version} (${entry.license})`, ...texts].join("\n\n");
  });
  writeFileSync(new URL("THIRD-PARTY.txt", DIST), sections.join(`\n\n${"-".repeat(80)}\n\n`) + "\n");
}

checkStyles();
checkFirstLoad();
writeLicences();
if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exit(1);
}
