// Every page, in light and dark, on a desk and on a phone: nothing serious for axe, nothing wider than the screen,
// nothing that the content policy refuses, no error in the console.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { freshSession, signIn } from "../support/api.mjs";
import { seriousFindings } from "../support/axe.mjs";
import { launch, person, signInByForm } from "../support/browser.mjs";
import { inCall, passCheck, quiet } from "../support/call.mjs";
import { startServer } from "../support/server.mjs";

const LOOKS = [
  { name: "light, desk", width: 1280, height: 800, dark: false },
  { name: "dark, desk", width: 1280, height: 800, dark: true },
  { name: "light, phone", width: 360, height: 740, dark: false },
  { name: "dark, phone", width: 360, height: 740, dark: true },
];

let server;
let browser;
let records;
before(async () => {
  server = await startServer();
  browser = await launch();
  const admin = await signIn(server, "admin");
  const doctor = await signIn(server, "doctor");
  const sessions = await doctor.get("telemedicine/");
  const done = sessions.find((one) => one.status === "COMPLETED");
  const scheduled = sessions.find((one) => one.status === "SCHEDULED");
  assert.ok(done && scheduled, "the demonstration clinic has sessions in every state");
  const visits = (await admin.get("visits/")).results;
  const own = (await (await signIn(server, "patient")).get("telemedicine/"))[0];
  assert.ok(own, "the demonstration patient has a session");
  records = { own, done, scheduled, visit: visits[0], patient: (await admin.get("patients/")).results[0] };
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The addresses of each role; a function where an id is needed. */
const PAGES = {
  doctor: [
    "/telemedicine",
    "/telemedicine?new=session",
    "/telemedicine?date=2030-01-01",
    () => `/telemedicine/${records.done.id}`,
    () => `/telemedicine/${records.scheduled.id}`,
    () => `/telemedicine/${records.scheduled.id}/call`,
    () => `/telemedicine/${records.done.id}/call`,
    "/no/such/page",
  ],
  receptionist: [
    "/telemedicine",
    "/patients",
    "/patients?new=patient",
    "/patients?search=nobody-has-this-name",
    () => `/patients/${records.patient.id}`,
    "/visits",
    "/visits?new=visit",
    () => `/visits/${records.visit.id}`,
    "/appointments",
    "/billing",
  ],
  admin: ["/services", "/users", "/audit", "/billing"],
  nurse: ["/telemedicine", "/patients"],
  patient: ["/", () => `/telemedicine/${records.own.id}`],
};

/** The page of the address stands there with its data. The stream of live events never lets the network fall silent. */
async function settled(page) {
  await page.locator("h1, dialog[open]").first().waitFor();
  await page.waitForFunction(() => ![...document.querySelectorAll("[aria-busy=true], .skeleton")].some((one) => one.checkVisibility()));
  await page.evaluate(() => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))));
}

async function sound(page, where) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const findings = await seriousFindings(page);
  return [...findings, ...(wide > 0 ? [`${wide} px wider than the screen`] : [])].map((finding) => `${where}: ${finding}`);
}

for (const look of LOOKS) {
  describe(look.name, () => {
    test("the sign-in page", async () => {
      const someone = await person(browser, server, look);
      await someone.page.goto("/login");
      await someone.page.getByRole("button", { name: "Sign in" }).waitFor();
      assert.deepEqual(await sound(someone.page, "/login"), []);
      quiet(someone);
      await someone.context.close();
    });

    for (const [username, pages] of Object.entries(PAGES)) {
      test(`the pages of ${username}`, async () => {
        const someone = await person(browser, server, look);
        await signInByForm(someone.page, username);
        const findings = [];
        for (const page of pages) {
          const address = typeof page === "string" ? page : page();
          await someone.page.goto(address);
          await settled(someone.page);
          findings.push(...(await sound(someone.page, address)));
        }
        assert.deepEqual(findings, []);
        quiet(someone);
        await someone.context.close();
      });
    }

    test("a call, from the check to the end", async () => {
      const visit = await freshSession(server);
      const findings = [];
      const early = await person(browser, server, look);
      await signInByForm(early.page, "patient");
      await early.page.goto(`/telemedicine/${visit.session.id}/call`);
      await early.page.getByRole("button", { name: "All good, go on" }).waitFor();
      findings.push(...(await sound(early.page, "check")));
      await passCheck(early.page);
      await early.page.getByRole("heading", { name: /knows you are here/ }).waitFor();
      findings.push(...(await sound(early.page, "waiting room")));
      await early.context.close();

      const { doctorSide, patientSide } = await inCall(browser, server, visit, { doctor: look, patient: look });
      findings.push(...(await sound(doctorSide.page, "doctor's call")), ...(await sound(patientSide.page, "patient's call")));
      await patientSide.page.getByRole("button", { name: /^Chat/ }).first().click();
      findings.push(...(await sound(patientSide.page, "chat")));
      await doctorSide.page.keyboard.press("?");
      await doctorSide.page.getByRole("dialog").waitFor();
      findings.push(...(await sound(doctorSide.page, "shortcuts")));
      await doctorSide.page.keyboard.press("Escape");
      await doctorSide.page.getByRole("button", { name: "End visit" }).click();
      const dialog = doctorSide.page.getByRole("dialog");
      await dialog.waitFor();
      findings.push(...(await sound(doctorSide.page, "end dialog")));
      await dialog.getByRole("button", { name: "End visit" }).click();
      await dialog.getByText(/Added to the bill/).waitFor();
      findings.push(...(await sound(doctorSide.page, "end result")));
      await patientSide.page.getByRole("heading", { name: /Your visit has ended/ }).waitFor();
      findings.push(...(await sound(patientSide.page, "after the visit")));
      assert.deepEqual(findings, []);
      quiet(early, doctorSide, patientSide);
      await Promise.all([doctorSide.context.close(), patientSide.context.close()]);
    });
  });
}
