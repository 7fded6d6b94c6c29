// Writes a .br and a .gz beside each text file of the build: the server sends them as they are and compresses nothing itself.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

for (const name of readdirSync("dist", { recursive: true })) {
  if (!/\.(js|css|html|svg|json|webmanifest)$/.test(name)) continue;
  const file = `dist/${name}`;
  const plain = readFileSync(file);
  const twins = {
    br: brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }),
    gz: gzipSync(plain, { level: 9 }),
  };
  for (const [extension, bytes] of Object.entries(twins)) {
    if (bytes.length < plain.length) writeFileSync(`${file}.${extension}`, bytes);
  }
}
