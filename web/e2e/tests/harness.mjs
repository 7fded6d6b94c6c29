// The instruments themselves: a test with a broken instrument would pass for the wrong reason.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, get } from "node:http";
import { after, before, test } from "node:test";
import { launch } from "../support/browser.mjs";
import { brightness, loudness } from "../support/media.mjs";
import { startNetwork } from "../support/network.mjs";

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

test("a cut network lets nothing through, and a mended one does again", async (t) => {
  const pages = createServer((_, answer) => answer.end("here"));
  pages.listen(0, "127.0.0.1");
  const media = createSocket("udp4");
  media.bind(0, "127.0.0.1");
  await Promise.all([once(pages, "listening"), once(media, "listening")]);
  media.on("message", (packet, from) => media.send(packet, from.port, from.address));
  const network = await startNetwork({ port: pages.address().port, mediaPort: media.address().port });
  const client = createSocket("udp4");
  t.after(async () => {
    await network.stop();
    client.close();
    media.close();
    pages.close();
    pages.closeAllConnections();
  });
  const echo = () =>
    new Promise((done) => {
      const timer = setTimeout(() => done(false), 3000);
      client.once("message", () => {
        clearTimeout(timer);
        done(true);
      });
      client.send("x", network.init.argument.to, "127.0.0.1");
    });
  // A connection of its own each time, so that none from before the cut is used again.
  const page = () =>
    new Promise((done) => {
      const asked = get(network.url, { agent: false, timeout: 3000 }, (answer) => done(answer.resume().statusCode === 200));
      asked.on("timeout", () => asked.destroy());
      asked.on("error", () => done(false));
    });

  assert.deepEqual([await page(), await echo()], [true, true]);
  network.cut();
  assert.deepEqual([await page(), await echo()], [false, false]);
  network.mend();
  assert.deepEqual([await page(), await echo()], [true, true]);
});
