import { describe, expect, it } from "vitest";
import { type Browser, browserOf } from "./browser.ts";
import { type Affected, type Trouble, environmentTrouble, explain, troubleOf } from "./device_trouble.ts";

const AGENTS: Record<string, [string, number, Browser]> = {
  "Chrome on Windows": ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36", 0, { name: "chrome", system: "windows", mobile: false }],
  "Edge on Windows": ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0", 0, { name: "edge", system: "windows", mobile: false }],
  "Firefox on Linux": ["Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", 0, { name: "firefox", system: "linux", mobile: false }],
  "Safari on a Mac": ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15", 0, { name: "safari", system: "mac", mobile: false }],
  "Safari on an iPad that says Macintosh": ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15", 5, { name: "safari", system: "ios", mobile: true }],
  "Safari on an iPhone": ["Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1", 5, { name: "safari", system: "ios", mobile: true }],
  "Chrome on an iPhone": ["Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/156.0.0.0 Mobile/15E148 Safari/604.1", 5, { name: "chrome", system: "ios", mobile: true }],
  "Chrome on Android": ["Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36", 5, { name: "chrome", system: "android", mobile: true }],
  "Samsung Internet": ["Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36", 5, { name: "samsung", system: "android", mobile: true }],
  "a page inside Facebook": ["Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/500.0]", 5, { name: "in_app", system: "ios", mobile: true }],
  "an Android web view": ["Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/156.0.0.0 Mobile Safari/537.36", 5, { name: "in_app", system: "android", mobile: true }],
};

describe("the browser at hand", () => {
  it.each(Object.entries(AGENTS))("knows %s", (_name, [agent, touch, expected]) => {
    expect(browserOf(agent, touch)).toEqual(expected);
  });
});

describe("what went wrong with a device", () => {
  const error = (name: string, message = "") => new DOMException(message, name);

  it.each([
    [error("NotAllowedError", "Permission denied"), "denied"],
    [error("NotAllowedError", "Permission dismissed"), "dismissed"],
    [error("NotAllowedError", "Permission denied by system"), "denied_by_system"],
    [error("NotFoundError", "Requested device not found"), "missing"],
    [error("NotFoundError", "The object can not be found here."), "denied_by_system"],
    [error("NotReadableError", "Could not start video source"), "busy"],
    [error("AbortError"), "busy"],
    [error("OverconstrainedError"), "missing"],
    [error("SecurityError"), "insecure"],
    [new TypeError("x"), "unknown"],
    [undefined, "unknown"],
  ])("%s is %s", (caught, expected) => {
    expect(troubleOf(caught)).toBe(expected);
  });

  it("sees before asking that a page cannot work here", () => {
    const chrome = AGENTS["Chrome on Android"]?.[2] as Browser;
    const inApp = AGENTS["a page inside Facebook"]?.[2] as Browser;
    const world = { secure: true, hasMediaDevices: true, hasPeerConnection: true };
    expect(environmentTrouble(world, chrome)).toBeNull();
    expect(environmentTrouble({ ...world, secure: false, hasMediaDevices: false }, chrome)).toBe("insecure");
    expect(environmentTrouble({ ...world, hasMediaDevices: false }, chrome)).toBe("unsupported");
    expect(environmentTrouble({ ...world, hasMediaDevices: false }, inApp)).toBe("in_app");
  });
});

describe("what to press", () => {
  const troubles: Trouble[] = ["denied", "denied_by_system", "dismissed", "missing", "busy", "unplugged", "insecure", "unsupported", "in_app", "silent", "interrupted", "slow", "unknown"];
  const cases = Object.entries(AGENTS).flatMap(([name, [, , browser]]) => troubles.flatMap((trouble) => (["microphone", "camera", "both"] as Affected[]).map((device) => [name, trouble, device, browser] as const)));

  it.each(cases)("%s, %s, %s: a title, a reason and at least one step", (_name, trouble, device, browser) => {
    const said = explain(trouble, device, browser);
    expect(said.title.length).toBeGreaterThan(10);
    expect(said.why.length).toBeGreaterThan(10);
    expect(said.steps.length).toBeGreaterThan(0);
    // Never a code word of a programmer.
    expect([said.title, said.why, ...said.steps].join(" ")).not.toMatch(/undefined|NotAllowed|Error|null|getUserMedia/);
  });

  it("names the place of the setting in this browser", () => {
    const steps = (name: string, trouble: Trouble = "denied") => explain(trouble, "camera", AGENTS[name]?.[2] as Browser).steps.join(" ");
    expect(steps("Chrome on Windows")).toContain("left end of the address line");
    expect(steps("Firefox on Linux")).toContain("crossed-out camera or microphone");
    expect(steps("Safari on a Mac")).toContain("Settings for This Website");
    expect(steps("Safari on an iPhone")).toContain("aA");
    expect(steps("Chrome on an iPhone")).toContain("iPhone's Settings, then Chrome");
    expect(steps("Chrome on Android")).toContain("Permissions");
    expect(steps("a page inside Facebook")).toContain("Open in Safari");
    expect(steps("Safari on a Mac", "denied_by_system")).toContain("Privacy & Security");
    expect(steps("Edge on Windows", "denied_by_system")).toContain("Let desktop apps access");
  });

  it("tells a trouble of both in one breath", () => {
    const chrome = AGENTS["Chrome on Windows"]?.[2] as Browser;
    const said = explain("denied", "both", chrome);
    expect(said.title).toBe("Your camera and microphone are blocked for this page");
    expect(said.steps[1]).toBe('Switch "Camera" and "Microphone" on.');
    expect(explain("missing", "both", chrome).title).toBe("No camera and no microphone found");
  });

  it("offers no second try where none can help", () => {
    const chrome = AGENTS["Chrome on Windows"]?.[2] as Browser;
    expect(explain("insecure", "camera", chrome).retry).toBe(false);
    expect(explain("busy", "camera", chrome).retry).toBe(true);
  });
});
