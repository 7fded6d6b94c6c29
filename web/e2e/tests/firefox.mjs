// The patient with Firefox, the doctor with Chromium, in one call.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { freshSession, password } from "../support/api.mjs";
import { launch, watch } from "../support/browser.mjs";
import { atCall, quiet, remotePicture } from "../support/call.mjs";
import { launchFirefox, ownAddress, whyNot } from "../support/firefox.mjs";
import { moving, received } from "../support/media.mjs";
import { startServer } from "../support/server.mjs";

const skip = whyNot();
let server;
let chromium;
let firefox;
before(async () => {
  if (skip) return;
  server = await startServer({ mediaAddress: ownAddress() });
  chromium = await launch();
  firefox = await launchFirefox();
});
after(async () => {
  await firefox?.close();
  await chromium?.close();
  await server?.stop();
});

test("Firefox and Chromium see and hear each other", { skip, timeout: 240_000 }, async () => {
  const visit = await freshSession(server, { start: true });
  const doctorSide = await atCall(chromium, server, "doctor", visit.session);
  const page = await firefox.newPage();
  page.setDefaultTimeout(90_000);
  const trouble = [];
  page.on("pageerror", (error) => trouble.push(error.message));
  await page.evaluateOnNewDocument(watch);
  await page.setViewport({ width: 1000, height: 700 });
  await page.goto(`${server.url}/login?next=/telemedicine/${visit.session.id}/call`);
  await page.locator("input[name=username]").fill("patient");
  await page.locator("input[type=password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.locator("::-p-text(All good, go on)").click();
  await remotePicture(doctorSide.page).waitFor({ timeout: 60_000 });
  // Headless Firefox decodes a few frames a second on two busy cores.
  await moving(doctorSide.page, { within: 60_000, what: "Firefox's picture at the doctor's" });
  await moving(page, { within: 60_000, what: "Chromium's picture in Firefox" });
  const [atFirefox, atChromium] = await Promise.all([received(page), received(doctorSide.page)]);
  assert.ok(atFirefox.audioPackets > 0 && atChromium.audioPackets > 0, JSON.stringify({ atFirefox, atChromium }));
  assert.ok(atChromium.audioEnergy > 0, "Firefox's sound is silence");
  assert.deepEqual(trouble, []);
  quiet(doctorSide);
});
