import type { Live, LiveEvent, LiveState } from "./live.ts";

/** What tabs tell each other. */
type Message = { what: "event"; event: LiveEvent } | { what: "state"; state: LiveState } | { what: "hello" } | { what: "nudge" };

export interface SharedParts {
  /** Runs `task` while this tab alone holds the lead; `signal` gives up waiting for it. */
  lead: (task: () => Promise<void>, signal: AbortSignal) => Promise<void>;
  post: (message: Message) => void;
  listen: (listener: (message: Message) => void) => void;
}

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
    if (message.what === "state") {
      followed = true;
      setState(message.state);
    }
    if (message.what === "event") tell(message.event);
  });

  return {
    start() {
      if (waiting) return;
      const mine = new AbortController();
      waiting = mine;
      setState("connecting");
      parts.post({ what: "hello" });
      parts.lead(() => {
        if (waiting !== mine) return Promise.resolve();
        leading = true;
        return new Promise<void>((resolve) => {
          endLead = resolve;
          own.start();
        });
      }, mine.signal).catch(() => undefined);
    },
    stop() {
      const was = waiting;
      waiting = null;
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
      if (leading) own.nudge();
      else parts.post({ what: "nudge" });
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
    lead: (task, signal) => locks.request("televisit.live", { signal }, task),
    post: (message) => channel.postMessage(message),
    listen: (listener) => channel.addEventListener("message", (event) => listener(event.data as Message)),
  };
}
