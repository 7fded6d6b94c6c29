import type { BoardRow, User } from "../../api/types.ts";
import { groupOf } from "./grouping.ts";

/** The one thing to do with a row. "admit" and "start" begin the session, "join" enters it, "open" shows its page. */
export type RowAction = "admit" | "start" | "join" | "open";

/** What this person does next with a row: the doctor of the session holds it, everybody else looks at it. */
export function actionOf(row: BoardRow, user: Pick<User, "id" | "role">): RowAction {
  const invited = row.session.participants.some((one) => one.user === user.id);
  const group = groupOf(row);
  if (row.session.doctor === user.id && user.role === "DOCTOR") {
    if (group === "waiting") return "admit";
    if (group === "later") return "start";
    if (group === "in_progress") return "join";
  } else if (invited && group !== "done") return "join";
  return "open";
}

/** Whether this person may cancel a session that has not begun. */
export function mayCancel(session: { status: string; doctor: number }, user: Pick<User, "id" | "role">): boolean {
  return session.status === "SCHEDULED" && (user.role === "RECEPTIONIST" || (user.role === "DOCTOR" && session.doctor === user.id));
}

/** Whether this person may invite colleagues into a session. */
export function mayInvite(session: { status: string; doctor: number }, user: Pick<User, "id" | "role">): boolean {
  return (session.status === "SCHEDULED" || session.status === "IN_PROGRESS") && user.role === "DOCTOR" && session.doctor === user.id;
}
