// A first visit from reception to the last payment, clicked through as the people of a clinic do it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, person, signInByForm } from "../support/browser.mjs";
import { passCheck, quiet, remotePicture, seesAndHears } from "../support/call.mjs";
import { startServer } from "../support/server.mjs";
import { steps } from "../support/steps.mjs";

let server;
let browser;
before(async () => {
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("reception registers and takes payment, doctor and patient meet, the bill is paid", async (t) => {
  const reception = await person(browser, server);
  const doctor = await person(browser, server);
  const patient = await person(browser, server, { width: 360, height: 740 });
  const step = steps(t, "first_visit", { reception, doctor, patient });
  const reason = "Virtual consultation needed, second opinion";

  await step("reception signs in and registers a patient", async () => {
    const { page } = reception;
    await signInByForm(page, "receptionist");
    await page.getByRole("link", { name: "Patients" }).first().click();
    await page.getByRole("button", { name: "New patient" }).click();
    const dialog = page.getByRole("dialog", { name: "New patient" });
    await dialog.getByRole("button", { name: "Register patient" }).click();
    await dialog.getByText("Enter the name.").first().waitFor();
    await dialog.getByLabel("First name").fill("Zawadi");
    await dialog.getByLabel("Last name").fill("Kiplagat");
    await dialog.getByLabel("Date of birth").fill("1984-05-17");
    await dialog.getByLabel("Gender").selectOption("FEMALE");
    await dialog.getByLabel("Phone", { exact: false }).first().fill("0722000111");
    await dialog.getByRole("button", { name: "Register patient" }).click();
    await page.getByText(/Zawadi Kiplagat registered as /).waitFor();
    await dialog.waitFor({ state: "detached" });
  });

  await step("reception opens a visit for the patient with an account and writes down what was paid", async () => {
    const { page } = reception;
    await page.getByRole("link", { name: "Visits" }).first().click();
    await page.getByRole("button", { name: "New visit" }).first().click();
    const dialog = page.getByRole("dialog", { name: "New visit" });
    await dialog.getByRole("combobox", { name: "Patient" }).click();
    await dialog.getByRole("combobox", { name: "Patient" }).fill("Test Telemedicine");
    await dialog.getByRole("option", { name: /Test Telemedicine/ }).click();
    await dialog.getByLabel("Reason for the visit").fill(reason);
    await dialog.getByLabel("Paid now").check();
    await dialog.getByLabel(/^Amount/).fill("400");
    await dialog.getByLabel("Paid by").selectOption("MOBILE_MONEY");
    await dialog.getByLabel("Reference").fill("MM-0001");
    await dialog.getByRole("button", { name: "Open visit" }).click();
    await page.getByText("Visit of Test Telemedicine opened.").waitFor();
  });

  await step("the doctor creates a session for the visit", async () => {
    const { page } = doctor;
    await signInByForm(page, "doctor");
    await page.getByRole("button", { name: "New session" }).first().click();
    const dialog = page.getByRole("dialog", { name: "New session" });
    await dialog.getByRole("combobox", { name: "Open visit" }).click();
    await dialog.getByRole("combobox", { name: "Open visit" }).fill("second opinion");
    await dialog.getByRole("option", { name: new RegExp(reason) }).click();
    assert.ok(await dialog.getByText("This installation cannot record yet").isVisible(), "the recording choice tells the truth");
    await dialog.getByRole("button", { name: "Create session" }).click();
    await page.getByText(/Session with Test Telemedicine created/).waitFor();
    await page.getByRole("listitem").filter({ hasText: reason }).waitFor();
  });

  await step("the patient finds the visit on the own page and waits", async () => {
    const { page } = patient;
    await signInByForm(page, "patient");
    await page.getByRole("region", { name: /video visit/ }).getByRole("link", { name: /waiting room|join/i }).click();
    await passCheck(page);
    await page.getByRole("heading", { name: /knows you are here/ }).waitFor();
  });

  await step("the doctor sees the patient waiting, by itself, and admits", async () => {
    const { page } = doctor;
    const row = page.getByRole("region", { name: /Waiting now/ }).getByRole("listitem").filter({ hasText: reason });
    await row.waitFor();
    await row.getByRole("button", { name: "Admit" }).click();
    await Promise.all([remotePicture(page).waitFor(), remotePicture(patient.page).waitFor()]);
    await Promise.all([seesAndHears(page, "the doctor"), seesAndHears(patient.page, "the patient")]);
  });

  await step("notes save themselves, and the visit ends with a charge", async () => {
    const { page } = doctor;
    await page.getByLabel("What the patient says").fill("Cough for three days, no fever.");
    await page.getByLabel("Plan").fill("Rest and fluids; back in a week.");
    await page.getByText(/^Saved \d/).first().waitFor();
    await page.getByRole("button", { name: "End visit" }).click();
    const dialog = page.getByRole("dialog");
    assert.ok(await dialog.getByRole("checkbox").isChecked(), "billing is proposed");
    assert.match(await dialog.getByLabel(/Notes/).inputValue(), /Rest and fluids/);
    // Two quick presses, as a hurried person does.
    await dialog.getByRole("button", { name: "End visit" }).dblclick();
    await dialog.getByText(/Added to the bill: Telemedicine Consultation, .*1,000/).waitFor();
    await patient.page.getByRole("heading", { name: /Your visit has ended/ }).waitFor();
    await patient.page.getByText(/600/).waitFor();
    await dialog.getByRole("link", { name: "Open the session" }).click();
    await page.getByText("Completed").first().waitFor();
    const kept = page.getByRole("textbox", { name: "Notes" });
    await kept.waitFor();
    assert.match(await kept.inputValue(), /no fever[^]*Rest and fluids/);
  });

  await step("reception collects the rest, once", async () => {
    const { page } = reception;
    await page.getByRole("link", { name: "Billing" }).first().click();
    const row = page.getByRole("row").filter({ hasText: reason });
    await row.getByRole("button", { name: "Take payment" }).click();
    const dialog = page.getByRole("dialog", { name: /Payment of Test Telemedicine/ });
    assert.equal(await dialog.getByLabel(/^Amount/).inputValue(), "600.00");
    await dialog.getByLabel(/^Amount/).fill("700");
    await dialog.getByRole("button", { name: /Take payment/ }).click();
    await dialog.getByText(/more than the/).waitFor();
    await dialog.getByLabel(/^Amount/).fill("600");
    await dialog.getByRole("button", { name: /Take payment/ }).dblclick();
    await page.getByText(/Payment of .*600.* taken/).waitFor();
    await row.waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Visits" }).first().click();
    const visit = page.getByRole("row").filter({ hasText: reason });
    await visit.getByText("Paid", { exact: true }).waitFor();
    await visit.getByRole("link").first().click();
    await page.getByRole("heading", { name: /Test Telemedicine/ }).first().waitFor();
    await page.getByText("Telemedicine Consultation").first().waitFor();
    assert.equal(await page.getByText("Telemedicine Consultation").count(), 1, "one charge");
    await page.getByText(/reference MM-0001/).waitFor();
    assert.equal(await page.getByText(/taken by/).count(), 2, "the payment in advance and the rest");
  });

  quiet(reception, doctor, patient);
});

test("a wrong password says so and keeps what was typed", async () => {
  const someone = await person(browser, server);
  const { page } = someone;
  await page.goto("/");
  await page.getByLabel(/Username/).fill("doctor");
  await page.getByLabel("Password", { exact: true }).fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").first().waitFor();
  assert.equal(await page.getByLabel(/Username/).inputValue(), "doctor");
  assert.match(page.url(), /\/login/);
  quiet(someone);
});

test("a link to a page comes back to it after signing in, and signing out ends it", async () => {
  const someone = await person(browser, server);
  const { page } = someone;
  await page.goto("/visits?status=OPEN");
  await page.waitForURL(/\/login/);
  await page.getByRole("button", { name: "receptionist", exact: true }).click();
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/visits\?status=OPEN/);
  await page.reload();
  await page.getByRole("heading", { name: "Visits" }).waitFor();
  await page.getByRole("button", { name: /Account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).or(page.getByRole("button", { name: "Sign out" })).first().click();
  await page.waitForURL(/\/login/);
  await page.goto("/visits");
  await page.waitForURL(/\/login/);
  quiet(someone);
});
