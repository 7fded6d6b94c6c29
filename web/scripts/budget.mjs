// Fails the build when the JavaScript of the first page (entry and everything it imports statically) outgrows its budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = 40 * 1024;
const manifest = JSON.parse(readFileSync("dist/.vite/manifest.json", "utf8"));

const files = new Set();
const collect = (key) => {
  const chunk = manifest[key];
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const next of chunk.imports ?? []) collect(next);
};
collect("index.html");

let total = 0;
for (const file of files) total += gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length;
process.stdout.write(`first page: ${total} bytes of JavaScript (gzip) in ${files.size} files, budget ${BUDGET}\n`);
if (total > BUDGET) {
  process.stderr.write("The first page is over its budget: load something of it lazily.\n");
  process.exit(1);
}
