import { t } from "../i18n/index.ts";
import { cityOf, clockOf, ownZone, parseWall, sameTime } from "../time/zone.ts";
import { Field } from "./field.tsx";

/** A day and a time on the wall of `zone`, with the zone named. Where the browser's own zone differs, its time is said too. */
export function DateTimeField({ label, day, clock, onDay, onClock, zone, error }: { label: string; day: string; clock: string; onDay: (day: string) => void; onClock: (clock: string) => void; zone: string; error?: string }) {
  const instant = parseWall(day, clock, zone);
  const own = ownZone();
  const differs = instant !== null && !sameTime(own, zone, instant);
  const hint = differs ? t.time.zoneAndYours(cityOf(zone), clockOf(instant, own)) : t.time.zone(cityOf(zone));
  return (
    <Field label={label} hint={hint} {...(error ? { error } : {})}>
      {(control) => (
        <div class="date-time">
          <input {...control} class="input number" type="date" value={day} onInput={(event) => onDay(event.currentTarget.value)} />
          <input class="input number" type="time" required aria-label={t.time.clockOf(label)} aria-invalid={control["aria-invalid"]} aria-describedby={control["aria-describedby"]} value={clock} onInput={(event) => onClock(event.currentTarget.value)} />
        </div>
      )}
    </Field>
  );
}
