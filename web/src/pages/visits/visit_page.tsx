import { Lock, Pencil, Plus, ReceiptText, Video, Wallet } from "lucide";
import { sessions, visits } from "../../api/calls.ts";
import type { User, Visit } from "../../api/types.ts";
import { useLoad } from "../../data/use_load.ts";
import { sessionWords } from "../../i18n/sessions_en.ts";
import { visitWords as v } from "../../i18n/visits_en.ts";
import { t } from "../../i18n/index.ts";
import { isDue, moneyWords } from "../../money/money.ts";
import { withTitle } from "../../people/names.ts";
import { useQuery, setQuery } from "../../router/location.ts";
import { useTitle } from "../../shell/title.ts";
import { durationWords } from "../../time/words.ts";
import { Button, LinkButton } from "../../ui/button.tsx";
import { fact, Facts } from "../../ui/facts.tsx";
import { LoadError, Skeleton } from "../../ui/load_state.tsx";
import { Time } from "../../ui/time.tsx";
import { ChargeDialog } from "../billing/charge_dialog.tsx";
import { PaymentDialog } from "../billing/payment_dialog.tsx";
import { NewSessionDialog } from "../sessions/new_session_dialog.tsx";
import { PaymentBadge, SessionBadge, VisitBadge } from "./badges.tsx";
import { BillSummary } from "./bill_summary.tsx";
import { CloseDialog, EditDialog } from "./visit_dialogs.tsx";
import "./visit.css";

/** A visit: who and why, its video sessions, and its bill. */
export default function VisitPage({ id, user }: { id: number; user: User }) {
  const visit = useLoad(`visit ${id}`, (signal) => visits.get(id, signal), { kinds: ["visit", "session"] });
  useTitle(visit.data ? visit.data.patient_name : v.title);
  if (!visit.data) return visit.error ? <LoadError error={visit.error} onRetry={visit.reload} /> : <div class="two"><div class="card pad"><Skeleton lines={6} /></div><div class="card pad"><Skeleton lines={8} /></div></div>;
  return <Loaded visit={visit.data} user={user} reload={visit.reload} />;
}

function Loaded({ visit, user, reload }: { visit: Visit; user: User; reload: () => void }) {
  const kinds = ["visit", "session"] as const;
  const held = useLoad(`visit sessions ${visit.id}`, (signal) => sessions.list({ visit: visit.id }, signal), { kinds });
  const charges = useLoad(`charges ${visit.id}`, (signal) => visits.charges(visit.id, signal), { kinds });
  const payments = useLoad(`payments ${visit.id}`, (signal) => visits.payments(visit.id, signal), { kinds });
  const summary = useLoad(`summary ${visit.id}`, (signal) => visits.summary(visit.id, signal), { kinds });
  const [dialog, setDialog] = useQuery("dialog");
  const close = () => setQuery({ dialog: "", visit: "" });
  const refresh = () => {
    reload();
    for (const one of [held, charges, payments, summary]) one.reload();
  };
  const open = visit.status === "OPEN";
  const is = (...roles: User["role"][]) => roles.includes(user.role);
  const may = {
    session: open && is("DOCTOR", "RECEPTIONIST", "ADMIN"),
    pay: is("RECEPTIONIST") && isDue(summary.data?.outstanding_balance ?? "0"),
    charge: open && is("RECEPTIONIST", "ADMIN"),
    edit: open && (is("RECEPTIONIST", "ADMIN") || visit.assigned_doctor === user.id),
    close: open && is("RECEPTIONIST", "ADMIN", "DOCTOR"),
  };
  return (
    <>
      <div class="head">
        <div>
          <h1>{visit.patient_name}</h1>
          <span class="sub">{visit.chief_complaint || v.noReason}</span>
        </div>
        <div class="end">
          {may.edit ? <Button icon={Pencil} onClick={() => setDialog("edit")}>{t.common.edit}</Button> : null}
          {may.close ? <Button icon={Lock} onClick={() => setDialog("close")}>{v.close}</Button> : null}
          {may.session ? <Button kind="primary" icon={Plus} data-new onClick={() => setQuery({ dialog: "session", visit: String(visit.id) })}>{v.newSession}</Button> : null}
        </div>
      </div>
      <div class="two">
        <aside class="card pad">
          <Facts
            items={[
              fact(v.facts.state, <VisitBadge status={visit.status} />),
              fact(v.facts.payment, <PaymentBadge status={visit.payment_status} balance={visit.outstanding_balance} />),
              fact(v.facts.patient, <><a href={`/patients/${visit.patient}`}>{visit.patient_name}</a> <span class="faint number">{visit.patient_number}</span></>),
              fact(v.facts.type, t.visitTypes[visit.visit_type]),
              fact(v.facts.doctor, visit.assigned_doctor_name ? withTitle(visit.assigned_doctor_name) : v.noDoctor),
              fact(v.facts.opened, <Time at={visit.created_at} />),
              visit.closed_at ? fact(v.facts.closed, <Time at={visit.closed_at} />) : null,
            ]}
          />
        </aside>
        <div class="stack">
          <section class="card pad" aria-labelledby="visit-sessions">
            <div class="row section-head"><h2 id="visit-sessions">{v.sessions}</h2></div>
            {held.error ? <LoadError error={held.error} onRetry={held.reload} /> : !held.data ? <Skeleton lines={2} /> : held.data.length === 0 ? <p class="soft">{v.noSessions}</p> : (
              <ul class="lines">
                {held.data.map((session) => (
                  <li key={session.id}>
                    <span class="grow"><a href={`/telemedicine/${session.id}`}><Time at={session.actual_start ?? session.scheduled_start} /></a><span class="faint">{[withTitle(session.doctor_display_name || session.doctor_name), session.duration_seconds ? durationWords(session.duration_seconds) : ""].filter(Boolean).join(" · ")}</span></span>
                    <SessionBadge status={session.status} />
                    {user.id === session.doctor && (session.status === "SCHEDULED" || session.status === "IN_PROGRESS") ? <LinkButton kind="quiet" icon={Video} label={sessionWords.join} href={`/telemedicine/${session.id}/call`} /> : null}
                  </li>
                ))}
              </ul>
            )}
          </section>
          <section class="card pad" aria-labelledby="visit-charges">
            <div class="row section-head"><h2 id="visit-charges">{v.charges}</h2>{may.charge ? <Button class="push" icon={ReceiptText} onClick={() => setDialog("charge")}>{v.addCharge}</Button> : null}</div>
            {charges.error ? <LoadError error={charges.error} onRetry={charges.reload} /> : !charges.data ? <Skeleton lines={2} /> : charges.data.length === 0 ? <p class="soft">{v.noCharges}</p> : (
              <ul class="lines">
                {charges.data.map((charge) => (
                  <li key={charge.id}>
                    <span class="grow">{charge.description}<span class="faint number">{[charge.service_code, charge.quantity > 1 ? v.quantity(charge.quantity, moneyWords(charge.unit_amount, charge.currency)) : ""].filter(Boolean).join(" · ")} · <Time at={charge.created_at} /></span></span>
                    <span class="number figure">{moneyWords(charge.amount, charge.currency)}</span>
                  </li>
                ))}
              </ul>
            )}
          </section>
          <section class="card pad" aria-labelledby="visit-payments">
            <div class="row section-head"><h2 id="visit-payments">{v.payments}</h2>{may.pay ? <Button class="push" kind="primary" icon={Wallet} onClick={() => setDialog("pay")}>{v.takePayment}</Button> : null}</div>
            {payments.error ? <LoadError error={payments.error} onRetry={payments.reload} /> : !payments.data ? <Skeleton lines={2} /> : payments.data.length === 0 ? <p class="soft">{v.noPayments}</p> : (
              <ul class="lines">
                {payments.data.map((payment) => (
                  <li key={payment.id}>
                    <span class="grow">{v.paidBy(t.paymentMethods[payment.payment_method], payment.received_by_name)}<span class="faint number"><Time at={payment.created_at} />{payment.transaction_reference ? ` · ${v.reference(payment.transaction_reference)}` : ""}</span></span>
                    <span class="number figure">{moneyWords(payment.amount, payment.currency)}</span>
                  </li>
                ))}
              </ul>
            )}
            <div class="visit-sums">{summary.data ? <BillSummary summary={summary.data} /> : summary.error ? <LoadError error={summary.error} onRetry={summary.reload} /> : <Skeleton />}</div>
          </section>
        </div>
      </div>
      {dialog === "session" && may.session ? <NewSessionDialog user={user} onClose={close} onCreated={() => { close(); refresh(); }} /> : null}
      {dialog === "pay" && may.pay && summary.data ? <PaymentDialog visit={{ id: visit.id, patient_name: visit.patient_name, outstanding_balance: summary.data.outstanding_balance, currency: summary.data.currency }} onClose={close} onPaid={refresh} /> : null}
      {dialog === "charge" && may.charge ? <ChargeDialog visit={visit.id} onClose={close} onCharged={refresh} /> : null}
      {dialog === "edit" && may.edit ? <EditDialog visit={visit} onClose={close} onSaved={refresh} /> : null}
      {dialog === "close" && may.close ? <CloseDialog visit={visit} balance={summary.data?.outstanding_balance ?? visit.outstanding_balance} onClose={close} onClosed={refresh} /> : null}
    </>
  );
}
