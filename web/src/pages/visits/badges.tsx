import type { PaymentStatus, SessionStatus, VisitStatus } from "../../api/types.ts";
import { t } from "../../i18n/index.ts";
import { isDue } from "../../money/money.ts";
import { Badge, type Tone } from "../../ui/badge.tsx";

const PAYMENT: Record<PaymentStatus, Tone> = { UNPAID: "attention", PARTIALLY_PAID: "attention", PAID: "good", SETTLED: "good" };
const SESSION: Record<SessionStatus, Tone> = { SCHEDULED: "info", IN_PROGRESS: "attention", COMPLETED: "good", CANCELLED: "plain", FAILED: "danger" };

/** How far a visit is paid. A visit without charges counts as unpaid, though nobody owes anything yet. */
export function PaymentBadge({ status, balance }: { status: PaymentStatus; balance: string }) {
  if (status === "UNPAID" && !isDue(balance)) return <Badge>{t.paymentNothing}</Badge>;
  return <Badge tone={PAYMENT[status] ?? "plain"}>{t.paymentStates[status] ?? status}</Badge>;
}

/** Open or closed. */
export function VisitBadge({ status }: { status: VisitStatus }) {
  return <Badge tone={status === "OPEN" ? "info" : "plain"}>{t.visitStates[status] ?? status}</Badge>;
}

/** Where a session stands. */
export function SessionBadge({ status }: { status: SessionStatus }) {
  return <Badge tone={SESSION[status] ?? "plain"}>{t.sessionStates[status] ?? status}</Badge>;
}
