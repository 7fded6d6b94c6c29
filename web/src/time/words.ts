// Times and durations in words.
import { clockOf, dayOf, addDays } from "./zone.ts";

const LOCALE = "en-GB";

/** "now", "4 min", "1 h 05 min", "3 days": a wait or a length of time. */
export function durationWords(seconds: number): string {
  const minutes = Math.floor(Math.max(0, seconds) / 60);
  if (minutes < 1) return "under 1 min";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  const days = Math.floor(hours / 24);
  return days === 1 ? "1 day" : `${days} days`;
}

/** "12:41" or "1:02:41": a running clock. */
export function stopwatch(seconds: number): string {
  const whole = Math.floor(Math.max(0, seconds));
  const tail = `${String(Math.floor(whole / 60) % 60).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${tail}` : tail;
}

/** "Sunday 22 November", with the year when it is not that of `now`. `day` is `YYYY-MM-DD`. */
export function dayWords(day: string, today?: string): string {
  const date = new Date(`${day}T12:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  const words = new Intl.DateTimeFormat(LOCALE, { timeZone: "UTC", weekday: "long", day: "numeric", month: "long" }).format(date).replace(",", "");
  return today && today.slice(0, 4) !== day.slice(0, 4) ? `${words} ${day.slice(0, 4)}` : words;
}

/** "Today", "Tomorrow", "Yesterday" or the short date, "22 Nov" or "22 Nov 2025". */
export function nearDay(day: string, today: string): string {
  if (day === today) return "Today";
  if (day === addDays(today, 1)) return "Tomorrow";
  if (day === addDays(today, -1)) return "Yesterday";
  return shortDay(day, today);
}

/** "22 Nov", with the year when it is not that of `today`. */
export function shortDay(day: string, today: string): string {
  const date = new Date(`${day}T12:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  const words = new Intl.DateTimeFormat(LOCALE, { timeZone: "UTC", day: "numeric", month: "short" }).format(date);
  return today.slice(0, 4) === day.slice(0, 4) ? words : `${words} ${day.slice(0, 4)}`;
}

/** "Today, 14:15" or "22 Nov, 14:15" in `zone`. */
export function whenWords(instant: string, zone: string, now: Date): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return "";
  return `${nearDay(dayOf(at, zone), dayOf(now, zone))}, ${clockOf(at, zone)}`;
}

/** "14:15" in `zone`. */
export function clockWords(instant: string, zone: string): string {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? "" : clockOf(at, zone);
}

/** The whole of it, for a tooltip: "Sunday 22 November 2026, 14:15:07 (Nairobi time)". */
export function exactWords(instant: string, zone: string, city: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return "";
  const day = new Intl.DateTimeFormat(LOCALE, { timeZone: zone, weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(at).replace(",", "");
  const clock = new Intl.DateTimeFormat(LOCALE, { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(at);
  return `${day}, ${clock} (${city} time)`;
}

/** "in 3 days", "in 2 h 10 min", "in 4 min", "now", "12 min ago": how far away an instant is. */
export function untilWords(seconds: number): string {
  if (Math.abs(seconds) < 60) return "now";
  return seconds > 0 ? `in ${durationWords(seconds)}` : `${durationWords(-seconds)} ago`;
}
