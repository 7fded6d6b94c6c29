// A story in steps: after one that failed the rest is skipped, and pictures of what everybody saw are kept.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const results = fileURLToPath(new URL("../results", import.meta.url));

/** Pictures of the pages of `people` ({name: {page}}) in web/e2e/results. */
export async function keepPictures(story, people) {
  await mkdir(results, { recursive: true });
  for (const [name, { page }] of Object.entries(people)) {
    await page.screenshot({ path: `${results}/${story}-${name}.png` }).catch(() => {});
  }
}

/** Steps of the test `t`. */
export function steps(t, story, people) {
  let failed = false;
  return (name, run) =>
    t.test(name, { skip: failed ? "an earlier step failed" : false }, async () => {
      try {
        await run();
      } catch (error) {
        failed = true;
        await keepPictures(story, people);
        throw error;
      }
    });
}
