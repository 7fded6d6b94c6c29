// Two people in one call, and what may happen to them.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { freshSession, signIn } from "../support/api.mjs";
import { launch } from "../support/browser.mjs";
import { atCall, inCall, passCheck, quiet, remotePicture, seesAndHears } from "../support/call.mjs";
import { moving, received } from "../support/media.mjs";
import { startNetwork } from "../support/network.mjs";
import { startServer } from "../support/server.mjs";

let server;
let browser;
let open = [];
before(async () => {
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  await Promise.all(open.map(({ context }) => context.close()));
  open = [];
});
const keep = (...people) => {
  open.push(...people);
  return people;
};

/** What the API says of who is in the room. */
async function present(session) {
  const doctor = await signIn(server, "doctor");
  const { participants } = await doctor.get(`telemedicine/${session.id}/`);
  return participants.filter((one) => one.is_present).map((one) => one.user_role).toSorted();
}

test("two people see and hear each other", async () => {
  const visit = await freshSession(server);
  const { doctorSide, patientSide } = await inCall(browser, server, visit);
  keep(doctorSide, patientSide);
  await Promise.all([seesAndHears(doctorSide.page, "the doctor"), seesAndHears(patientSide.page, "the patient")]);
  assert.deepEqual(await present(visit.session), ["DOCTOR", "PATIENT"]);
  quiet(doctorSide, patientSide);
});

test("the second to join sees and hears the first", async () => {
  const visit = await freshSession(server, { start: true });
  const [doctorSide] = keep(await atCall(browser, server, "doctor", visit.session));
  await doctorSide.page.getByText(`${visit.patient.full_name} is not here yet`).waitFor();
  const [patientSide] = keep(await atCall(browser, server, "patient", visit.session));
  await passCheck(patientSide.page);
  await remotePicture(patientSide.page).waitFor();
  await seesAndHears(patientSide.page, "the patient, who came second");
  await seesAndHears(doctorSide.page, "the doctor, who came first");
  quiet(doctorSide, patientSide);
});

test("a reload comes back into the call without a second tile", async () => {
  const visit = await freshSession(server);
  const { doctorSide, patientSide } = await inCall(browser, server, visit);
  keep(doctorSide, patientSide);
  for (const [side, who] of [[patientSide, "the patient"], [doctorSide, "the doctor"]]) {
    await moving(doctorSide.page, { what: "the doctor's picture" });
    await side.page.reload();
    await remotePicture(side.page).waitFor();
    await Promise.all([seesAndHears(doctorSide.page, `the doctor, after ${who} reloaded`), seesAndHears(patientSide.page, `the patient, after ${who} reloaded`)]);
    assert.equal(await remotePicture(doctorSide.page).count(), 1);
    assert.equal(await remotePicture(patientSide.page).count(), 1);
  }
  assert.deepEqual(await present(visit.session), ["DOCTOR", "PATIENT"]);
  quiet(doctorSide, patientSide);
});

test("sound and picture are switched off and on again", async () => {
  const visit = await freshSession(server);
  const { doctorSide, patientSide } = await inCall(browser, server, visit);
  keep(doctorSide, patientSide);
  await seesAndHears(doctorSide.page, "the doctor");
  await patientSide.page.getByRole("button", { name: "Camera off (V)" }).click();
  await doctorSide.page.getByText("Picture off").waitFor();
  await patientSide.page.getByRole("button", { name: "Mute (M)" }).click();
  await doctorSide.page.locator("figure").getByText("Sound off").first().waitFor();
  await patientSide.page.getByRole("button", { name: "Camera on (V)" }).click();
  await patientSide.page.getByRole("button", { name: "Switch the microphone on (M)" }).click();
  await remotePicture(doctorSide.page).waitFor();
  await seesAndHears(doctorSide.page, "the doctor, after the patient switched on again");
  quiet(doctorSide, patientSide);
});

test("chat reaches the other, and whoever comes back still has it", async () => {
  const visit = await freshSession(server);
  const { doctorSide, patientSide } = await inCall(browser, server, visit);
  keep(doctorSide, patientSide);
  await doctorSide.page.getByRole("button", { name: /^Chat/ }).first().click();
  await doctorSide.page.getByLabel("Message to everybody").fill("Take it with food, <b>twice</b> a day");
  await doctorSide.page.getByRole("button", { name: "Send" }).click();
  await patientSide.page.getByRole("button", { name: "Chat, 1 new (C)" }).click();
  const message = patientSide.page.getByRole("log").getByText("Take it with food, <b>twice</b> a day");
  await message.waitFor();
  await patientSide.page.reload();
  await remotePicture(patientSide.page).waitFor();
  await patientSide.page.getByRole("button", { name: /^Chat/ }).first().click();
  await message.waitFor();
  quiet(doctorSide, patientSide);
});

test("a shared screen is seen by the other", async () => {
  const visit = await freshSession(server);
  const { doctorSide, patientSide } = await inCall(browser, server, visit);
  keep(doctorSide, patientSide);
  await doctorSide.page.getByRole("button", { name: "Share the screen (S)" }).click();
  const screen = patientSide.page.getByLabel(/'s screen$/).and(patientSide.page.locator("video"));
  await screen.waitFor();
  await patientSide.page.waitForFunction(() => [...document.querySelectorAll("video")].some((video) => (video.getAttribute("aria-label") ?? "").endsWith("'s screen") && video.videoWidth > 0 && video.currentTime > 0));
  await doctorSide.page.getByRole("button", { name: "Stop sharing (S)" }).click();
  await screen.waitFor({ state: "detached" });
  quiet(doctorSide, patientSide);
});

describe("when the network is gone for 20 seconds", () => {
  let network;
  before(async () => {
    network = await startNetwork(server);
  });
  after(() => network?.stop());

  test("the call comes back by itself", async () => {
    const visit = await freshSession(server);
    const { doctorSide, patientSide } = await inCall(browser, server, visit, { patient: { url: network.url, init: network.init } });
    keep(doctorSide, patientSide);
    await seesAndHears(patientSide.page, "the patient, through the network that will be cut");
    network.cut();
    await doctorSide.page.getByText(/connection is lost/i).first().waitFor();
    await patientSide.page.getByText(/connection lost/i).first().waitFor();
    const stuck = await received(patientSide.page);
    await pause(20_000);
    assert.ok((await received(patientSide.page)).framesDecoded <= stuck.framesDecoded + 30, "the cut did not cut");
    network.mend();
    await moving(patientSide.page, { within: 30_000, what: "the patient's picture after the cut" });
    await Promise.all([seesAndHears(doctorSide.page, "the doctor, after the cut"), seesAndHears(patientSide.page, "the patient, after the cut")]);
    assert.equal(await remotePicture(doctorSide.page).count(), 1);
    await patientSide.page.getByText(/connection lost/i).first().waitFor({ state: "detached" });
    assert.deepEqual(await present(visit.session), ["DOCTOR", "PATIENT"]);
    quiet(doctorSide, patientSide);
  });
});

test("a crash of the server in the middle of a call is survived", async () => {
  const visit = await freshSession(server);
  const { doctorSide, patientSide } = await inCall(browser, server, visit);
  keep(doctorSide, patientSide);
  await moving(doctorSide.page);
  await server.kill();
  await server.start();
  await Promise.all([moving(doctorSide.page, { within: 40_000, what: "the doctor's picture after the crash" }), moving(patientSide.page, { within: 40_000, what: "the patient's picture after the crash" })]);
  await Promise.all([seesAndHears(doctorSide.page, "the doctor"), seesAndHears(patientSide.page, "the patient")]);
  assert.equal(await remotePicture(doctorSide.page).count(), 1);
  quiet(doctorSide, patientSide);
});

test("somebody without a right to the visit gets neither page nor token nor room", async () => {
  const visit = await freshSession(server, { start: true });
  for (const username of ["doctor2", "nurse", "receptionist", "admin"]) {
    const stranger = await signIn(server, username);
    const answer = await stranger.request("POST", `telemedicine/${visit.session.id}/generate-token/`);
    assert.ok(answer.status === 403 || answer.status === 404, `${username}: ${answer.status}`);
    assert.equal(answer.body.token, undefined);
  }
  const [stranger] = keep(await atCall(browser, server, "doctor2", visit.session));
  await stranger.page.getByText(/does not exist, or it is not yours/).waitFor();
  // With a token of another visit, of nobody, or with none, the signalling lets nobody in.
  const forged = ["", "x", `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ session: visit.session.id }))}.`];
  for (const token of forged) {
    const said = await stranger.page.evaluate(
      (secret) =>
        new Promise((done) => {
          const socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/v1/telemedicine/signal/`);
          const messages = [];
          socket.addEventListener("open", () => socket.send(JSON.stringify({ type: "hello", version: 1, token: secret, client: { device_type: "desktop", browser: "chrome" } })));
          socket.addEventListener("message", (event) => messages.push(JSON.parse(event.data)));
          socket.addEventListener("close", () => done(messages));
        }),
      token,
    );
    assert.equal(said.at(-1)?.type, "error", JSON.stringify(said));
    assert.ok(["token_invalid", "bad_message"].includes(said.at(-1).code), JSON.stringify(said));
    assert.equal(said.at(-1).fatal, true);
  }
  assert.deepEqual(await present(visit.session), []);
  quiet(stranger);
});

test("after the end nobody gets back in", async () => {
  const visit = await freshSession(server);
  const { doctorSide, patientSide } = await inCall(browser, server, visit);
  keep(doctorSide, patientSide);
  await doctorSide.page.getByRole("button", { name: "End visit" }).click();
  const dialog = doctorSide.page.getByRole("dialog");
  await dialog.getByRole("button", { name: "End visit" }).click();
  await dialog.getByText(/Added to the bill: Telemedicine Consultation/).waitFor();
  await patientSide.page.getByRole("heading", { name: /Your visit has ended/ }).waitFor();
  assert.equal((await received(patientSide.page)).connected, 0);
  const again = await visit.clients.patient.request("POST", `telemedicine/${visit.session.id}/generate-token/`);
  assert.equal(again.status, 409);
  await patientSide.page.reload();
  await patientSide.page.getByRole("heading", { name: /Your visit has ended/ }).waitFor();
  assert.deepEqual(await present(visit.session), []);
  quiet(doctorSide, patientSide);
});
