// Chromium with a fake camera and microphone, and people who use it.
import { chromium } from "playwright-core";
import { password } from "./api.mjs";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
  "--disable-features=WebRtcHideLocalIpsWithMdns,MediaRouter,OptimizationHints,Translate",
  "--allow-loopback-in-peer-connection",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-default-apps",
  "--no-first-run",
  "--disable-domain-reliability",
  "--disable-client-side-phishing-detection",
  "--metrics-recording-only",
  "--no-pings",
];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: flags });
}

/** Keeps every RTCPeerConnection of the page where the tests find it, and every violation of the content policy. */
export function watch() {
  window.televisitTest = { connections: [], violations: [] };
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...rest) {
      super(...rest);
      window.televisitTest.connections.push(this);
    }
  };
  document.addEventListener("securitypolicyviolation", (event) => {
    window.televisitTest.violations.push(`${event.violatedDirective} refused ${event.blockedURI || "inline"} ${event.sourceFile ?? ""}:${event.lineNumber ?? ""}`);
  });
}

/**
 * A person at a browser of his own: an empty profile with camera and microphone allowed. `trouble` collects what must
 * not happen: uncaught errors, console errors, violations of the content policy.
 */
export async function person(browser, server, { width = 1280, height = 800, dark = false, zone = "Africa/Nairobi", url = server.url, init } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    timezoneId: zone,
    locale: "en-GB",
    baseURL: url,
    permissions: ["camera", "microphone"],
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(20_000);
  const trouble = [];
  const violations = [];
  await context.addInitScript(watch);
  if (init) await context.addInitScript(init.script, init.argument);
  await context.exposeBinding("televisitViolation", (_, text) => violations.push(text));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => window.televisitViolation(`${event.violatedDirective}: ${event.blockedURI || "inline"}`));
  });
  const page = await context.newPage();
  // "Leave the page?" in a running call: yes.
  page.on("dialog", (dialog) => dialog.accept().catch(() => {}));
  page.on("pageerror", (error) => trouble.push(`uncaught: ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    // A refused request is told by the browser itself; the page's answer to it is what a test looks at.
    if (message.type() === "error" && !/Failed to load resource|WebSocket connection to/.test(message.text())) trouble.push(`console: ${message.text()}`);
  });
  return { context, page, trouble, violations };
}

/** Signs in by the form, as a person does. */
export async function signInByForm(page, username, secret = password) {
  await page.goto("/login");
  await page.getByLabel(/user ?name|e-?mail/i).fill(username);
  await page.getByLabel("Password", { exact: true }).fill(secret);
  await page.getByRole("button", { name: /^(log|sign) in$/i }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
}
