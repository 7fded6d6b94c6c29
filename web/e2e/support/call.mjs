// The way into a call as people take it.
import assert from "node:assert/strict";
import { person, signInByForm } from "./browser.mjs";
import { brightness, loudness, moving } from "./media.mjs";

/** A person who is signed in and has the call's page open. */
export async function atCall(browser, server, username, session, options = {}) {
  const someone = await person(browser, server, options);
  await signInByForm(someone.page, username);
  await someone.page.goto(`/telemedicine/${session.id}/call`);
  return someone;
}

/** The patient passes the check of camera and sound; then the waiting room, or the call when it runs. */
export async function passCheck(page) {
  await page.getByRole("button", { name: "All good, go on" }).click();
}

/** Doctor and patient in one call, the patient having waited and been let in. */
export async function inCall(browser, server, { session, patient }, options = {}) {
  const doctorSide = await atCall(browser, server, "doctor", session, options.doctor);
  const patientSide = await atCall(browser, server, "patient", session, options.patient);
  await passCheck(patientSide.page);
  await patientSide.page.getByRole("heading", { name: /knows you are here/ }).waitFor();
  await doctorSide.page.getByRole("button", { name: `Let ${patient.full_name} in` }).click();
  await Promise.all([remotePicture(doctorSide.page).waitFor(), remotePicture(patientSide.page).waitFor()]);
  return { doctorSide, patientSide };
}

/** The pictures of others. The own picture has another name. */
export function remotePicture(page) {
  return page.getByLabel(/'s picture$/);
}

/** Frames decoded right now, a voice out of an element that plays, and a picture that is not black. */
export async function seesAndHears(page, who) {
  const stats = await moving(page, { what: `What ${who} sees` });
  assert.ok(stats.audioPackets > 0, `${who} gets no sound: ${JSON.stringify(stats)}`);
  const heard = await loudness(page, 3);
  assert.ok(heard.elements >= 1 && heard.loudest > 0.01, `${who} hears nothing: ${JSON.stringify(heard)}`);
  const shown = brightness(await pictureOf(page));
  assert.ok(shown.mean > 16 && shown.spread > 16, `${who} sees black: ${JSON.stringify(shown)}`);
  return { stats, heard, shown };
}

/** The remote picture as pixels. Bars over it fade in and out, so the page is taken and cut, not the settled element. */
async function pictureOf(page) {
  const clip = await remotePicture(page).first().boundingBox();
  return page.screenshot({ clip });
}

/** Nothing happened on these people's pages that must not. */
export function quiet(...people) {
  for (const { trouble, violations } of people) {
    assert.deepEqual(violations, [], "the content policy refused something");
    assert.deepEqual(trouble, [], "errors in the page");
  }
}
