// Wall-clock times in named zones, by the browser's own zone data.

export interface Wall { year: number; month: number; day: number; hour: number; minute: number }

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let known = formats.get(zone);
  if (!known) {
    known = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
    formats.set(zone, known);
  }
  return known;
}

/** The zone of this browser, such as `Africa/Nairobi`. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** What a clock on the wall shows at `instant` in `zone`. */
export function wallOf(instant: Date, zone: string): Wall {
  const parts: Record<string, number> = {};
  for (const { type, value } of format(zone).formatToParts(instant)) parts[type] = Number(value);
  return { year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0, hour: parts.hour ?? 0, minute: parts.minute ?? 0 };
}

/** How far `zone` is ahead of UTC at `instant`, in minutes. */
export function offsetMinutes(instant: Date, zone: string): number {
  const wall = wallOf(instant, zone);
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
  return Math.round((asUtc - Math.floor(instant.getTime() / 60_000) * 60_000) / 60_000);
}

/** The instant at which the clock of `zone` shows `wall`. In the hour a spring change skips, the time after it; in the hour an autumn change repeats, the first. */
export function instantOf(wall: Wall, zone: string): Date {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
  const before = offsetMinutes(new Date(asUtc - 86_400_000), zone);
  const after = offsetMinutes(new Date(asUtc + 86_400_000), zone);
  for (const offset of [Math.max(before, after), Math.min(before, after)]) {
    const guess = new Date(asUtc - offset * 60_000);
    if (offsetMinutes(guess, zone) === offset) return guess;
  }
  return new Date(asUtc - before * 60_000);
}

/** Whether two zones show the same time at `instant`. */
export function sameTime(one: string, other: string, instant: Date): boolean {
  return one === other || offsetMinutes(instant, one) === offsetMinutes(instant, other);
}

/** `YYYY-MM-DD` of `instant` in `zone`. */
export function dayOf(instant: Date, zone: string): string {
  const { year, month, day } = wallOf(instant, zone);
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

/** `HH:MM` of `instant` in `zone`. */
export function clockOf(instant: Date, zone: string): string {
  const { hour, minute } = wallOf(instant, zone);
  return `${two(hour)}:${two(minute)}`;
}

/** The instant of `YYYY-MM-DD` and `HH:MM` on the wall of `zone`, or null when one of them is no such thing. */
export function parseWall(day: string, clock: string, zone: string): Date | null {
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  const time = /^(\d{2}):(\d{2})/.exec(clock);
  if (!date || !time) return null;
  const wall = { year: Number(date[1]), month: Number(date[2]), day: Number(date[3]), hour: Number(time[1]), minute: Number(time[2]) };
  if (wall.month < 1 || wall.month > 12 || wall.day < 1 || wall.day > 31 || wall.hour > 23 || wall.minute > 59) return null;
  return instantOf(wall, zone);
}

/** `YYYY-MM-DD` moved by whole days; pure calendar, no zone. */
export function addDays(day: string, days: number): string {
  const moved = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(moved.getTime())) return day;
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

/** The city of a zone, readable: `Africa/Nairobi` is "Nairobi". */
export function cityOf(zone: string): string {
  return (zone.split("/").pop() ?? zone).replaceAll("_", " ");
}

const two = (value: number) => String(value).padStart(2, "0");
