import type { Client } from "./client.ts";
import { ApiError } from "./errors.ts";

export type LiveKind = "session" | "visit" | "patient" | "appointment";
export interface LiveEvent { kind: LiveKind | "reload"; id: number | null }
export type LiveState = "off" | "connecting" | "on" | "lost";

/** The server writes at least every 15 s; twice that without a byte means the line is dead. */
const SILENCE_MS = 35_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;

export interface LiveParts {
  open: Client["open"];
  setTimeout: (task: () => void, ms: number) => unknown;
  clearTimeout: (timer: never) => void;
  random: () => number;
}

export interface Live {
  start(): void;
  stop(): void;
  state(): LiveState;
  /** Tries again at once, for instance when the network has come back. */
  nudge(): void;
  onEvent(listener: (event: LiveEvent) => void): () => void;
  onState(listener: (state: LiveState) => void): () => void;
}

/** Reads the server's event stream and reconnects by itself. After a gap it says `reload`, because events were missed. */
export function createLive(parts: LiveParts): Live {
  const eventListeners = new Set<(event: LiveEvent) => void>();
  const stateListeners = new Set<(state: LiveState) => void>();
  let state: LiveState = "off";
  let attempt = 0;
  let missed = false;
  let current: AbortController | null = null;
  let timer: unknown = null;

  const setState = (next: LiveState) => {
    if (next === state) return;
    state = next;
    for (const listener of stateListeners) listener(next);
  };
  const tell = (event: LiveEvent) => { for (const listener of eventListeners) listener(event); };
  const stopTimer = () => {
    if (timer !== null) parts.clearTimeout(timer as never);
    timer = null;
  };

  async function run(abort: AbortController) {
    let silence: unknown = null;
    const heard = () => {
      if (silence !== null) parts.clearTimeout(silence as never);
      silence = parts.setTimeout(() => abort.abort(), SILENCE_MS);
    };
    try {
      heard();
      const response = await parts.open("events/", { signal: abort.signal, accept: "text/event-stream" });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      if (!reader) return;
      const parse = eventParser();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        heard();
        for (const { event, data } of parse(value)) {
          if (event === "ready") {
            attempt = 0;
            setState("on");
            if (missed) tell({ kind: "reload", id: null });
            missed = false;
          } else if (event === "reload") tell({ kind: "reload", id: null });
          else if (isKind(event)) tell({ kind: event, id: idOf(data) });
        }
      }
    } finally {
      if (silence !== null) parts.clearTimeout(silence as never);
    }
  }

  async function connect() {
    stopTimer();
    const abort = new AbortController();
    current = abort;
    if (state === "off") setState("connecting");
    try {
      await run(abort);
    } catch (error) {
      // Signed out: whoever watches the sign-in starts us again.
      if (error instanceof ApiError && (error.status === 401 || error.status === 403) && current === abort) {
        current = null;
        setState("off");
        return;
      }
    }
    if (current !== abort) return;
    missed = true;
    setState("lost");
    attempt += 1;
    timer = parts.setTimeout(() => void connect(), waitBefore(attempt, parts.random()));
  }

  return {
    start() {
      if (!current) void connect();
    },
    stop() {
      stopTimer();
      const running = current;
      current = null;
      attempt = 0;
      missed = false;
      running?.abort();
      setState("off");
    },
    state: () => state,
    nudge() {
      if (state !== "lost" || timer === null) return;
      attempt = 0;
      void connect();
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

/** Doubling waits with jitter, so that a clinic's browsers do not all return in the same instant. `random` is in 0..1. */
export function waitBefore(attempt: number, random: number): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
  return Math.round(full * (0.5 + random / 2));
}

/** Splits a text/event-stream into its events; call it with every chunk as it arrives. */
export function eventParser(): (chunk: string) => { event: string; data: string }[] {
  let rest = "";
  let event = "";
  let data: string[] = [];
  return (chunk) => {
    const out: { event: string; data: string }[] = [];
    const text = rest + chunk;
    // A lone CR at the end may be half of a CRLF.
    const whole = text.endsWith("\r") ? text.slice(0, -1) : text;
    const lines = whole.split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? "") + text.slice(whole.length);
    for (const line of lines) {
      if (line === "") {
        if (event || data.length > 0) out.push({ event: event || "message", data: data.join("\n") });
        event = "";
        data = [];
        continue;
      }
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") event = value;
      else if (field === "data") data.push(value);
    }
    return out;
  };
}

const KINDS: readonly string[] = ["session", "visit", "patient", "appointment"] satisfies LiveKind[];
const isKind = (event: string): event is LiveKind => KINDS.includes(event);

function idOf(data: string): number | null {
  try {
    const value = JSON.parse(data) as { id?: unknown };
    return typeof value.id === "number" ? value.id : null;
  } catch {
    return null;
  }
}
