import { addDays, parseWall } from "../../time/zone.ts";

export type Period = "coming" | "today" | "week" | "past" | "all";

/** The bounds of a period as instants, whole days in the clinic's zone; `to` is the first instant after it. An unknown word means everything. */
export function periodOf(period: Period, today: string, zone: string): { from?: string; to?: string } {
  const start = (day: string) => parseWall(day, "00:00", zone)?.toISOString() ?? "";
  const end = (day: string) => start(addDays(day, 1));
  switch (period) {
    case "coming": return { from: start(today) };
    case "today": return { from: start(today), to: end(today) };
    case "week": return { from: start(today), to: end(addDays(today, 6)) };
    case "past": return { from: start(addDays(today, -30)), to: end(addDays(today, -1)) };
    default: return {};
  }
}
