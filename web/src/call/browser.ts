/** Which browser this is, only to say which button to press. Nothing is refused by it. */
export type BrowserName = "chrome" | "edge" | "firefox" | "safari" | "samsung" | "opera" | "in_app" | "other";
export type SystemName = "windows" | "mac" | "linux" | "android" | "ios" | "other";

export interface Browser {
  readonly name: BrowserName;
  readonly system: SystemName;
  readonly mobile: boolean;
}

/** `touchPoints` tells an iPad from a Mac: both say Macintosh. */
export function browserOf(userAgent: string, touchPoints = 0): Browser {
  const system = systemOf(userAgent, touchPoints);
  return { name: nameOf(userAgent), system, mobile: system === "android" || system === "ios" };
}

function systemOf(agent: string, touchPoints: number): SystemName {
  if (/android/i.test(agent)) return "android";
  if (/iphone|ipad|ipod/i.test(agent)) return "ios";
  if (/macintosh/i.test(agent)) return touchPoints > 1 ? "ios" : "mac";
  if (/windows/i.test(agent)) return "windows";
  if (/linux|cros/i.test(agent)) return "linux";
  return "other";
}

function nameOf(agent: string): BrowserName {
  // Pages opened inside another app: most of them cannot reach the camera.
  if (/\bFBA[NV]\b|FB_IAB|Instagram|\bLine\/|WhatsApp|MicroMessenger|Twitter|Snapchat|GSA\/|; wv\)/i.test(agent)) return "in_app";
  if (/\bEdg(e|A|iOS)?\//.test(agent)) return "edge";
  if (/SamsungBrowser/.test(agent)) return "samsung";
  if (/\bOPR\/|\bOPT\//.test(agent)) return "opera";
  if (/Firefox\/|FxiOS\//.test(agent)) return "firefox";
  if (/Chrome\/|CriOS\/|Chromium\//.test(agent)) return "chrome";
  if (/Safari\//.test(agent)) return "safari";
  return "other";
}

/** The two words that the server keeps with a participant. */
export function clientOf(browser: Browser): { device_type: string; browser: string } {
  return { device_type: browser.mobile ? "mobile" : "desktop", browser: browser.name };
}

export function thisBrowser(): Browser {
  return browserOf(navigator.userAgent, navigator.maxTouchPoints);
}
