// The one connection of this page to the server.
import { createAuth } from "./auth.ts";
import { createClient } from "./client.ts";
import { createLive } from "./live.ts";
import { crossTabLock } from "./lock.ts";
import { browserParts, shareLive } from "./shared_live.ts";

export const auth = createAuth({
  fetch: (input, init) => fetch(input, init),
  shared: localStorage,
  tab: sessionStorage,
  lock: crossTabLock(),
  channel: typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("televisit"),
  now: () => Date.now(),
});
addEventListener("storage", (event) => {
  if (event.key === "televisit.session" || event.key === null) auth.sharedChanged();
});

export const client = createClient(auth, (input, init) => fetch(input, init));

const own = createLive({
  open: client.open,
  setTimeout: (task, ms) => setTimeout(task, ms),
  clearTimeout: (timer) => clearTimeout(timer),
  random: () => Math.random(),
});
const shared = browserParts();
export const live = shared ? shareLive(own, shared) : own;
addEventListener("online", () => live.nudge());
document.addEventListener("visibilitychange", () => { if (!document.hidden) live.nudge(); });
auth.watch((user) => {
  live.stop();
  if (user) live.start();
});
if (auth.user()) live.start();
