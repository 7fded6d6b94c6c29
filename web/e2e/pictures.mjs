// Takes the pictures of the README from the demonstration clinic: node pictures.mjs FOLDER
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freshSession } from "./support/api.mjs";
import { launch, person, signInByForm } from "./support/browser.mjs";
import { atCall, inCall, passCheck } from "./support/call.mjs";
import { moving } from "./support/media.mjs";
import { startServer } from "./support/server.mjs";

const folder = process.argv[2] ?? "../../docs/images";
const LARGEST = 300_000;
await mkdir(folder, { recursive: true });
const server = await startServer();
const browser = await launch();

async function take(page, name) {
  const file = join(folder, name);
  await writeFile(file, await page.screenshot());
  const { size } = await stat(file);
  process.stdout.write(`${file}: ${size} bytes\n`);
  if (size > LARGEST) throw new Error(`${file} is larger than ${LARGEST} bytes`);
}

try {
  const waiting = await freshSession(server, { complaint: "Cough and light fever for three days" });
  const patient = await atCall(browser, server, "patient", waiting.session);
  await passCheck(patient.page);
  await patient.page.getByRole("heading", { name: /knows you are here/ }).waitFor();
  const doctor = await person(browser, server);
  await signInByForm(doctor.page, "doctor");
  await doctor.page.getByRole("region", { name: /Waiting now/ }).waitFor();
  await take(doctor.page, "board.png");
  await patient.context.close();
  await doctor.context.close();

  const { doctorSide } = await inCall(browser, server, await freshSession(server, { complaint: "Cough and light fever for three days" }));
  await moving(doctorSide.page);
  await doctorSide.page.getByLabel("What the patient says").fill("Dry cough since Friday, 37.8 in the evening, no trouble breathing.");
  await pause(2500);
  await doctorSide.page.mouse.move(400, 400);
  await take(doctorSide.page, "call.png");
} finally {
  await browser.close();
  await server.stop();
}
