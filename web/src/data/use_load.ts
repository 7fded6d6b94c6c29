import { useEffect, useRef, useState } from "preact/hooks";
import { isAbort } from "../api/errors.ts";
import { live } from "../api/index.ts";
import type { LiveKind } from "../api/live.ts";

export interface Loaded<T> {
  /** The last answer; it stays while a newer one is on its way. */
  data: T | undefined;
  /** Why the last attempt failed; null when it did not. */
  error: unknown;
  /** Whether `data` is that of an earlier key. */
  stale: boolean;
  reload: () => void;
  /** Puts in what an action has just answered, without asking again. */
  set: (data: T) => void;
}

interface State<T> { key: string; data: T | undefined; error: unknown }

/**
 * Loads something and keeps it fresh: again when `key` changes, when a live event of one of `kinds` comes, and when the network returns.
 * `key` null loads nothing. `keep` leaves the former answer in place while that of another key loads, as a search wants it.
 */
export function useLoad<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>, options: { kinds?: readonly LiveKind[]; keep?: boolean } = {}): Loaded<T> {
  const [state, setState] = useState<State<T>>({ key: "", data: undefined, error: null });
  const [turn, setTurn] = useState(0);
  const loader = useRef(load);
  loader.current = load;
  const kinds = options.kinds?.join(" ") ?? "";

  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    loader.current(abort.signal).then(
      (data) => { if (!abort.signal.aborted) setState({ key, data, error: null }); },
      (error: unknown) => {
        if (abort.signal.aborted || isAbort(error)) return;
        setState((before) => ({ key, data: before.key === key ? before.data : undefined, error }));
      },
    );
    return () => abort.abort();
  }, [key, turn]);

  useEffect(() => {
    if (key === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Events come in bursts; one load answers them all.
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setTurn((before) => before + 1), 120);
    };
    const wanted = kinds === "" ? [] : kinds.split(" ");
    const stop = live.onEvent((event) => { if (event.kind === "reload" || wanted.includes(event.kind)) again(); });
    addEventListener("online", again);
    return () => {
      clearTimeout(timer);
      stop();
      removeEventListener("online", again);
    };
  }, [key, kinds]);

  const same = state.key === key;
  return {
    data: same || options.keep ? state.data : undefined,
    error: same ? state.error : null,
    stale: !same && state.data !== undefined,
    reload: () => setTurn((before) => before + 1),
    set: (data) => { if (key !== null) setState({ key, data, error: null }); },
  };
}
