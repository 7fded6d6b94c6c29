/**
 * From an error of getUserMedia to what is wrong, and from that to what to press.
 * The words themselves are in `i18n/call_en.ts`.
 */
import type { Browser } from "./browser.ts";
import { deviceText } from "../i18n/call_en.ts";

export type Device = "microphone" | "camera";

export type Trouble =
  /** The person, or a rule he set earlier, said no to this page. */
  | "denied"
  /** The browser itself may not use the device: a setting of the system. */
  | "denied_by_system"
  /** The question was closed without an answer. */
  | "dismissed"
  | "missing"
  | "busy"
  | "unplugged"
  | "insecure"
  | "unsupported"
  | "in_app"
  /** It is on, but not a sound comes out of it. */
  | "silent"
  /** Something else holds it for a while: a phone call, the lid, a hardware switch. */
  | "interrupted"
  | "slow"
  | "unknown";

export function troubleOf(error: unknown): Trouble {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  const message = error instanceof Error || error instanceof DOMException ? error.message : "";
  switch (name) {
    case "NotAllowedError":
    case "PermissionDeniedError":
      if (/system/i.test(message)) return "denied_by_system";
      if (/dismiss/i.test(message)) return "dismissed";
      return "denied";
    case "SecurityError":
      return "insecure";
    case "NotFoundError":
    case "DevicesNotFoundError":
      // Firefox and Chrome on a Mac say "not found by the object" for a denied system setting too.
      return /object can not be found here/i.test(message) ? "denied_by_system" : "missing";
    case "NotReadableError":
    case "TrackStartError":
    case "AbortError":
      return "busy";
    case "OverconstrainedError":
    case "ConstraintNotSatisfiedError":
      return "missing";
    case "TimeoutError":
      return "slow";
    default:
      return "unknown";
  }
}

/** What this page can know before it asks for anything. */
export function environmentTrouble(
  world: { secure: boolean; hasMediaDevices: boolean; hasPeerConnection: boolean },
  browser: Browser,
): Trouble | null {
  if (!world.secure) return "insecure";
  if (!world.hasMediaDevices || !world.hasPeerConnection) return browser.name === "in_app" ? "in_app" : "unsupported";
  return null;
}

export interface Explanation {
  readonly title: string;
  readonly why: string;
  readonly steps: readonly string[];
  /** A second try in this page may help. */
  readonly retry: boolean;
}

/** One trouble of both devices is told once. */
export type Affected = Device | "both";

export function explain(trouble: Trouble, device: Affected, browser: Browser): Explanation {
  const t = deviceText;
  const noun = t.noun[device];
  const title = t.title[trouble](noun);
  switch (trouble) {
    case "denied":
      return { title, why: t.why.denied(noun, t.effect[device]), steps: siteSteps(browser, device), retry: true };
    case "dismissed":
      return { title, why: t.why.dismissed(noun), steps: t.steps.dismissed, retry: true };
    case "denied_by_system":
      return { title, why: t.why.deniedBySystem(noun), steps: systemSteps(browser, device), retry: true };
    case "missing":
      return { title, why: t.why.missing(noun), steps: browser.mobile ? t.steps.missingPhone : t.steps.missing(noun), retry: true };
    case "busy":
      return { title, why: t.why.busy(noun), steps: browser.mobile ? t.steps.busyPhone : t.steps.busy, retry: true };
    case "unplugged":
      return { title, why: t.why.unplugged(noun), steps: t.steps.unplugged(noun), retry: true };
    case "insecure":
      return { title, why: t.why.insecure, steps: t.steps.insecure, retry: false };
    case "unsupported":
      return { title, why: t.why.unsupported, steps: browser.system === "ios" ? t.steps.unsupportedIos : t.steps.unsupported, retry: false };
    case "in_app":
      return { title, why: t.why.inApp, steps: browser.system === "ios" ? t.steps.inAppIos : t.steps.inApp, retry: false };
    case "silent":
      return { title, why: t.why.silent, steps: browser.mobile ? t.steps.silentPhone : t.steps.silent, retry: false };
    case "interrupted":
      return { title, why: t.why.interrupted(noun), steps: t.steps.interrupted, retry: true };
    case "slow":
      return { title, why: t.why.slow(noun), steps: t.steps.slow, retry: true };
    case "unknown":
      return { title, why: t.why.unknown(noun), steps: t.steps.unknown, retry: true };
  }
}

/** The person said no to this page: where the browser keeps that answer. */
function siteSteps(browser: Browser, device: Affected): readonly string[] {
  const s = deviceText.site;
  const noun = deviceText.setting[device];
  if (browser.name === "in_app") return browser.system === "ios" ? deviceText.steps.inAppIos : deviceText.steps.inApp;
  if (browser.system === "ios") return browser.name === "safari" ? s.safariIos(noun) : s.otherIos(s.app[browser.name], noun);
  if (browser.system === "android") {
    if (browser.name === "firefox") return s.firefoxAndroid(noun);
    if (browser.name === "samsung") return s.samsung(noun);
    return s.chromeAndroid(noun);
  }
  switch (browser.name) {
    case "chrome":
    case "opera":
      return s.chrome(noun);
    case "edge":
      return s.edge(noun);
    case "firefox":
      return s.firefox(noun);
    case "safari":
      return s.safariMac(noun);
    default:
      return s.other(noun);
  }
}

/** The system keeps the device from the browser. */
function systemSteps(browser: Browser, device: Affected): readonly string[] {
  const s = deviceText.system;
  const noun = deviceText.setting[device];
  const app = deviceText.site.app[browser.name];
  switch (browser.system) {
    case "mac":
      return s.mac(app, noun);
    case "windows":
      return s.windows(app, noun);
    case "android":
      return s.android(app, noun);
    case "ios":
      return s.ios(app, noun);
    default:
      return s.other(app, noun);
  }
}
