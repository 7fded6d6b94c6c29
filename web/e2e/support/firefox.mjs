// Debian's Firefox, driven over WebDriver BiDi: Playwright drives only its own build of it.
import { existsSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { launch } from "puppeteer-core";

export const firefoxPath = process.env.FIREFOX ?? "/usr/bin/firefox-esr";

/** An address of this machine that is not the loopback: Firefox sends no media to 127.0.0.1. */
export function ownAddress() {
  return Object.values(networkInterfaces())
    .flat()
    .find((one) => one.family === "IPv4" && !one.internal)?.address;
}

/** Why Firefox cannot be tried on this machine, or false. */
export function whyNot() {
  if (!existsSync(firefoxPath)) return `${firefoxPath} is not installed`;
  if (!ownAddress()) return "this machine has no address but the loopback, and Firefox sends no media there";
  return false;
}

export function launchFirefox() {
  return launch({
    browser: "firefox",
    executablePath: firefoxPath,
    headless: true,
    timeout: 90_000,
    protocolTimeout: 120_000,
    extraPrefsFirefox: {
      "media.navigator.streams.fake": true,
      "media.navigator.permission.disabled": true,
      "media.autoplay.default": 0,
      "media.peerconnection.ice.obfuscate_host_addresses": false,
      "media.gmp-manager.updateEnabled": false,
      "datareporting.policy.dataSubmissionEnabled": false,
      "toolkit.telemetry.enabled": false,
      "browser.safebrowsing.malware.enabled": false,
      "browser.safebrowsing.phishing.enabled": false,
      "app.update.disabledForTesting": true,
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
    },
  });
}
