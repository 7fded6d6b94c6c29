// axe-core in the page: what people with a screen reader, a keyboard or weak sight would stumble over.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The findings of serious or critical weight, one line each. */
export async function seriousFindings(page) {
  await page.evaluate(source);
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return result.violations
    .filter((found) => found.impact === "serious" || found.impact === "critical")
    .map((found) => `${found.impact} ${found.id}: ${found.help}\n    ${found.nodes.slice(0, 5).map((node) => `${node.target.join(" ")} ${node.any[0]?.message ?? node.failureSummary ?? ""}`).join("\n    ")}`);
}
