import type { BoardRow, Presence } from "../../api/types.ts";

export type Group = "waiting" | "in_progress" | "later" | "done";
export const GROUPS: readonly Group[] = ["waiting", "in_progress", "later", "done"];

/** The patient of the session, when connected right now. */
export function patientPresence(row: BoardRow): Presence | null {
  return row.presence.find((one) => one.role === "PATIENT") ?? null;
}

/** Where a row stands: a scheduled session whose patient is here is waiting. */
export function groupOf(row: BoardRow): Group {
  switch (row.session.status) {
    case "SCHEDULED": return patientPresence(row) ? "waiting" : "later";
    case "IN_PROGRESS": return "in_progress";
    default: return "done";
  }
}

/** Rows by group, each in the order it is worked: the longest wait first, the running by start, the coming by booking, the done newest first. */
export function grouped(rows: readonly BoardRow[]): Record<Group, BoardRow[]> {
  const groups: Record<Group, BoardRow[]> = { waiting: [], in_progress: [], later: [], done: [] };
  for (const row of rows) groups[groupOf(row)].push(row);
  groups.waiting.sort((a, b) => by(patientPresence(a)?.since, patientPresence(b)?.since) || a.session.id - b.session.id);
  groups.in_progress.sort((a, b) => by(a.session.actual_start, b.session.actual_start) || a.session.id - b.session.id);
  groups.later.sort((a, b) => by(a.session.scheduled_start, b.session.scheduled_start) || a.session.id - b.session.id);
  groups.done.sort((a, b) => by(endOf(b), endOf(a)) || b.session.id - a.session.id);
  return groups;
}

/** Sessions that are in another group, or new, since `before`; nothing at the first look. */
export function changedSince(before: ReadonlyMap<number, Group> | null, rows: readonly BoardRow[]): Set<number> {
  if (!before) return new Set();
  return new Set(rows.filter((row) => before.get(row.session.id) !== groupOf(row)).map((row) => row.session.id));
}

const endOf = (row: BoardRow) => row.session.actual_end ?? row.session.updated_at;

/** Compares two instants; RFC 3339 with differing precision does not sort as text. */
function by(a: string | null | undefined, b: string | null | undefined): number {
  return (Date.parse(a ?? "") || 0) - (Date.parse(b ?? "") || 0);
}
