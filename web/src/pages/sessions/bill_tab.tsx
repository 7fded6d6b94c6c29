import { ReceiptText } from "lucide";
import { visits } from "../../api/calls.ts";
import type { Session, User } from "../../api/types.ts";
import { useLoad } from "../../data/use_load.ts";
import { sessionWords as w } from "../../i18n/sessions_en.ts";
import { moneyWords } from "../../money/money.ts";
import { LinkButton } from "../../ui/button.tsx";
import { Empty, LoadError, Skeleton } from "../../ui/load_state.tsx";
import { BillSummary } from "../visits/bill_summary.tsx";

/** What this session put on the bill, and where the bill of the whole visit stands. */
export function BillTab({ session, user }: { session: Session; user: User }) {
  const summary = useLoad(`summary ${session.visit}`, (signal) => visits.summary(session.visit, signal), { kinds: ["visit"] });
  const charge = session.billing;
  return (
    <>
      {charge
        ? <div class="bill-line"><span><b>{charge.description}</b><span class="faint">{charge.service_code}</span></span><b class="number">{moneyWords(charge.amount, charge.currency)}</b></div>
        : <Empty icon={ReceiptText} title={session.status === "SCHEDULED" || session.status === "IN_PROGRESS" ? w.billNotYet : w.billNone} />}
      <h2>{w.billVisit}</h2>
      {summary.data ? <BillSummary summary={summary.data} /> : summary.error ? <LoadError error={summary.error} onRetry={summary.reload} /> : <Skeleton />}
      {user.role === "PATIENT" ? null : <div><LinkButton href={`/visits/${session.visit}`}>{w.billOpenVisit}</LinkButton></div>}
    </>
  );
}
