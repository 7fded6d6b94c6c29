import { useRef, useState } from "preact/hooks";
import { createIntent } from "../api/intent.ts";

export interface Action {
  busy: boolean;
  /** Why the last attempt failed; null when none did. */
  error: unknown;
  /**
   * Runs one attempt; a second call while one is under way does nothing. `body` is what the intention is about: the same body after a lost answer is
   * sent with the same idempotency key. Gives the answer, or undefined after a failure, which stays in `error`.
   */
  run<T>(body: unknown, request: (key: string) => Promise<T>): Promise<T | undefined>;
  clear: () => void;
}

/** Something a person does that the server must do exactly once. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const running = useRef(false);
  const intent = useRef(createIntent());
  return {
    busy,
    error,
    async run(body, request) {
      if (running.current) return undefined;
      running.current = true;
      setBusy(true);
      setError(null);
      try {
        return await intent.current.send(body, request);
      } catch (caught) {
        setError(caught);
        return undefined;
      } finally {
        running.current = false;
        setBusy(false);
      }
    },
    clear: () => setError(null),
  };
}
