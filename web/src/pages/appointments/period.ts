import { addDays, parseWall } from "../../time/zone.ts";

export type Period = "coming" | "today" | "week" | "past" | "all";

/** The bounds of a period as instants, whole days in the clinic's zone; `to` is the last instant inside. An unknown word means everything. */
export function periodOf(period: Period, today: string, zone: string): { from?: string; to?: string } {
  const start = (day: string) => parseWall(day, "00:00", zone)?.toISOString() ?? "";
  const end = (day: string) => new Date((parseWall(addDays(day, 1), "00:00", zone)?.getTime() ?? 0) - 1_000).toISOString();
  switch (period) {
    case "coming": return { from: start(today) };
    case "today": return { from: start(today), to: end(today) };
    case "week": return { from: start(today), to: end(addDays(today, 6)) };
    case "past": return { from: start(addDays(today, -30)), to: end(addDays(today, -1)) };
    default: return {};
  }
}
