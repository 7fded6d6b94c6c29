// The instruments themselves: a test with a broken instrument would pass for the wrong reason.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../support/browser.mjs";
import { brightness, loudness } from "../support/media.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

test("a black picture is told from a real one", async () => {
  const page = await browser.newPage({ viewport: { width: 200, height: 100 } });
  await page.setContent("<body style='margin:0;background:#000'>");
  assert.deepEqual(brightness(await page.screenshot()), { mean: 0, spread: 0 });
  await page.setContent("<body style='margin:0;background:linear-gradient(90deg,#000,#fff)'>");
  const grey = brightness(await page.screenshot());
  assert.ok(Math.abs(grey.mean - 127.5) < 3 && grey.spread > 60, JSON.stringify(grey));
  await page.close();
});

test("sound that nobody attached counts as silence", async () => {
  const page = await browser.newPage();
  await page.setContent("<audio id=a autoplay></audio>");
  const make = () =>
    page.evaluate(async () => {
      const context = new AudioContext();
      await context.resume();
      const tone = context.createOscillator();
      const out = context.createMediaStreamDestination();
      tone.connect(out);
      tone.start();
      window.tone = out.stream;
    });
  await make();
  assert.deepEqual(await loudness(page, 0.5), { elements: 0, loudest: 0 });
  await page.evaluate(() => {
    document.getElementById("a").srcObject = window.tone;
  });
  await page.waitForFunction(() => !document.getElementById("a").paused);
  const heard = await loudness(page, 1);
  assert.equal(heard.elements, 1);
  assert.ok(heard.loudest > 0.1, JSON.stringify(heard));
  await page.evaluate(() => {
    document.getElementById("a").muted = true;
  });
  assert.deepEqual(await loudness(page, 0.5), { elements: 0, loudest: 0 });
  await page.close();
});
