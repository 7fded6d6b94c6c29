import { useEffect, useState } from "preact/hooks";

/** The time by this device's own clock, in milliseconds since 1970; renders again every `everyMs`. For lengths that this page itself has begun to measure. */
export function useTick(everyMs: number): number {
  const [at, setAt] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setAt(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return at;
}
