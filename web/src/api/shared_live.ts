import type { Live, LiveEvent, LiveState } from "./live.ts";

/** What tabs tell each other. */
type Message = { what: "event"; event: LiveEvent } | { what: "state"; state: LiveState } | { what: "hello" } | { what: "nudge" };

export interface SharedParts {
  /** Runs `task` while this tab alone holds the lead. `signal` gives up waiting for it; `steal` takes it from whoever has it, whose own promise then rejects. */
  lead: (task: () => Promise<void>, how: { signal: AbortSignal } | { steal: true }) => Promise<void>;
  post: (message: Message) => void;
  listen: (listener: (message: Message) => void) => void;
  setTimeout: (task: () => void, ms: number) => unknown;
  clearTimeout: (timer: never) => void;
}

/** A leading tab that does not answer for this long is asleep: phones suspend pages in the background. */
const ASLEEP_MS = 1_500;

/**
 * One live connection for all tabs of a browser: the leading tab reads the stream and passes it on, and when it closes another takes over.
 * Without this, each tab would hold one of the six connections a browser opens to a server, and the seventh tab would hang.
 */
export function shareLive(own: Live, parts: SharedParts): Live {
  const eventListeners = new Set<(event: LiveEvent) => void>();
  const stateListeners = new Set<(state: LiveState) => void>();
  let state: LiveState = "off";
  let waiting: AbortController | null = null;
  let leading = false;
  let endLead: (() => void) | null = null;
  /** Whether this tab has followed another: events between its end and our first connection are lost. */
  let followed = false;

  let asked: unknown = null;
  const heard = () => {
    if (asked !== null) parts.clearTimeout(asked as never);
    asked = null;
  };

  const setState = (next: LiveState) => {
    if (next === state) return;
    state = next;
    for (const listener of stateListeners) listener(next);
  };
  const tell = (event: LiveEvent) => { for (const listener of eventListeners) listener(event); };

  own.onEvent((event) => {
    if (!leading) return;
    parts.post({ what: "event", event });
    tell(event);
  });
  own.onState((next) => {
    if (!leading) return;
    parts.post({ what: "state", state: next });
    setState(next);
    if (next === "on" && followed) {
      followed = false;
      tell({ kind: "reload", id: null });
      parts.post({ what: "event", event: { kind: "reload", id: null } });
    }
  });
  parts.listen((message) => {
    if (!waiting) return;
    if (leading) {
      if (message.what === "hello") parts.post({ what: "state", state });
      if (message.what === "nudge") own.nudge();
      return;
    }
    heard();
    if (message.what === "state") {
      followed = true;
      setState(message.state);
    }
    if (message.what === "event") tell(message.event);
  });

  function queue(mine: AbortController, steal: boolean) {
    parts.lead(() => {
      if (waiting !== mine) return Promise.resolve();
      leading = true;
      return new Promise<void>((resolve) => {
        endLead = resolve;
        own.start();
      });
    }, steal ? { steal: true } : { signal: mine.signal }).catch(() => {
      // Another tab took the lead while this one slept.
      if (waiting !== mine || !leading) return;
      leading = false;
      followed = true;
      endLead = null;
      own.stop();
      queue(mine, false);
    });
  }

  return {
    start() {
      if (waiting) return;
      waiting = new AbortController();
      setState("connecting");
      parts.post({ what: "hello" });
      queue(waiting, false);
    },
    stop() {
      const was = waiting;
      waiting = null;
      heard();
      own.stop();
      leading = false;
      followed = false;
      endLead?.();
      endLead = null;
      was?.abort();
      setState("off");
    },
    state: () => state,
    nudge() {
      if (leading) return own.nudge();
      if (!waiting) return;
      heard();
      const before = waiting;
      asked = parts.setTimeout(() => {
        if (waiting !== before || leading) return;
        before.abort();
        waiting = new AbortController();
        followed = true;
        queue(waiting, true);
      }, ASLEEP_MS);
      parts.post({ what: "nudge" });
      parts.post({ what: "hello" });
    },
    onEvent(listener) {
      eventListeners.add(listener);
      return () => { eventListeners.delete(listener); };
    },
    onState(listener) {
      stateListeners.add(listener);
      return () => { stateListeners.delete(listener); };
    },
  };
}

/** The browser's lock and channel, or null where one of them is missing: then each tab connects by itself. */
export function browserParts(): SharedParts | null {
  const locks = (navigator as Partial<Navigator>).locks;
  if (!locks || typeof BroadcastChannel === "undefined") return null;
  const channel = new BroadcastChannel("televisit.live");
  return {
    lead: (task, how) => locks.request("televisit.live", how, task),
    post: (message) => channel.postMessage(message),
    listen: (listener) => channel.addEventListener("message", (event) => listener(event.data as Message)),
    setTimeout: (task, ms) => setTimeout(task, ms),
    clearTimeout: (timer) => clearTimeout(timer),
  };
}
