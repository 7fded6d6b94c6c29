/** Saves a text a moment after the last change, one save at a time, and never loses what could not be sent. */
export interface Autosave {
  /** The text as it now stands in the field. */
  change(text: string): void;
  /** Sends what is unsaved at once: the page is being left. */
  flush(): void;
  stop(): void;
}

export type SaveState = { kind: "idle" } | { kind: "unsaved" } | { kind: "saving" } | { kind: "saved"; at: Date } | { kind: "failed"; error: unknown };

export interface AutosaveParts {
  save: (text: string) => Promise<unknown>;
  /** Where unsaved text waits out a reload; "" clears it. */
  keep: (text: string | null) => void;
  onState: (state: SaveState) => void;
  now: () => Date;
  setTimeout: (task: () => void, ms: number) => unknown;
  clearTimeout: (timer: never) => void;
}

const PAUSE_MS = 900;
const RETRY_MS = 5_000;

/** `saved` is the text the server has. */
export function createAutosave(saved: string, parts: AutosaveParts): Autosave {
  let wanted = saved;
  let stored = saved;
  let running = false;
  let stopped = false;
  let timer: unknown = null;

  const later = (ms: number) => {
    if (timer !== null) parts.clearTimeout(timer as never);
    timer = stopped ? null : parts.setTimeout(() => void send(), ms);
  };
  async function send() {
    timer = null;
    if (running || wanted === stored) return;
    running = true;
    const text = wanted;
    parts.onState({ kind: "saving" });
    try {
      await parts.save(text);
      stored = text;
      running = false;
      if (wanted === stored) {
        parts.keep(null);
        parts.onState({ kind: "saved", at: parts.now() });
      } else later(0);
    } catch (error) {
      running = false;
      parts.onState({ kind: "failed", error });
      later(RETRY_MS);
    }
  }
  return {
    change(text) {
      wanted = text;
      if (text === stored && !running) {
        parts.keep(null);
        parts.onState({ kind: "idle" });
        return;
      }
      parts.keep(text);
      parts.onState({ kind: "unsaved" });
      later(PAUSE_MS);
    },
    flush() {
      if (timer !== null) parts.clearTimeout(timer as never);
      void send();
    },
    stop() {
      stopped = true;
      if (timer !== null) parts.clearTimeout(timer as never);
      timer = null;
    },
  };
}
