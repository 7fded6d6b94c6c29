import type { Session } from "../../api/types.ts";

/** How near a session is for the patient: running now, soon enough for the waiting room, later, or past its time. */
export type Nearness = "running" | "soon" | "late" | "later";

/** The waiting room is offered from this long before the start. */
const SOON_MS = 30 * 60_000;
/** A session this long past its start and never begun is no longer offered first. */
const STALE_MS = 12 * 3_600_000;

/** Sessions the patient can still go to, the most pressing first. */
export function upcoming(sessions: readonly Session[], now: Date): Session[] {
  return sessions
    .filter((one) => one.status === "IN_PROGRESS" || (one.status === "SCHEDULED" && Date.parse(one.scheduled_start) > now.getTime() - STALE_MS))
    .sort((a, b) => Number(b.status === "IN_PROGRESS") - Number(a.status === "IN_PROGRESS") || Date.parse(a.scheduled_start) - Date.parse(b.scheduled_start));
}

/** Sessions that were held, newest first. */
export function held(sessions: readonly Session[]): Session[] {
  return sessions.filter((one) => one.status === "COMPLETED").sort((a, b) => Date.parse(b.actual_start ?? b.scheduled_start) - Date.parse(a.actual_start ?? a.scheduled_start));
}

/** Where a session stands for the patient at `now`. */
export function nearness(session: Session, now: Date): Nearness {
  if (session.status === "IN_PROGRESS") return "running";
  const left = Date.parse(session.scheduled_start) - now.getTime();
  if (left < -60_000) return "late";
  return left <= SOON_MS ? "soon" : "later";
}
