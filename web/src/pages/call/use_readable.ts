import { useEffect, useState } from "preact/hooks";
import type { Readable } from "../../call/store.ts";

/** Renders again whenever the value changes. */
export function useReadable<T>(readable: Readable<T>): T {
  const [, turn] = useState(0);
  useEffect(() => {
    const again = () => turn((n) => n + 1);
    // Something may have changed between the rendering and this effect.
    again();
    return readable.subscribe(again);
  }, [readable]);
  return readable.value;
}
