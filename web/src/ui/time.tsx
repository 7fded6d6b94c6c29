import { now, useZone } from "../data/clinic.ts";
import { clockWords, exactWords, whenWords } from "../time/words.ts";
import { cityOf } from "../time/zone.ts";

/** A point in time in the zone of whoever reads it, exact on hover. `clock` shows the time alone. */
export function Time({ at, clock = false, zone }: { at: string; clock?: boolean; zone?: string }) {
  const own = useZone();
  const shown = zone ?? own;
  return <time dateTime={at} title={exactWords(at, shown, cityOf(shown))}>{clock ? clockWords(at, shown) : whenWords(at, shown, now())}</time>;
}
