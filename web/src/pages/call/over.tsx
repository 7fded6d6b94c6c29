import type { ComponentChildren } from "preact";
import type { Session, Visit } from "../../api/types.ts";
import type { EndReason } from "../../call/call.ts";
import { callText as t } from "../../i18n/call_en.ts";
import { isDue, moneyWords } from "../../money/money.ts";
import { withTitle } from "../../people/names.ts";
import { Brand } from "../../shell/brand.tsx";
import { useTitle } from "../../shell/title.ts";
import { durationWords } from "../../time/words.ts";
import { Button, LinkButton } from "../../ui/button.tsx";

interface Props {
  session: Session;
  record: Visit | undefined;
  /** Why it is over; null when the session was over before the page was opened. */
  reason: EndReason | null;
  isPatient: boolean;
  onRejoin: () => void;
  /** The doctor who only left may still end. */
  onEnd: (() => void) | null;
}

/** After the call: calm words, what is to pay, and the way back while there is one. */
export function Over({ session, record, reason, isPatient, onRejoin, onEnd }: Props) {
  const running = session.status === "SCHEDULED" || session.status === "IN_PROGRESS";
  const words = wordsFor(session, reason, running, isPatient);
  const again = running && (reason === "left" || reason === "replaced" || reason === "full" || reason === "closed" || reason === "failed");
  const completed = session.status === "COMPLETED";
  useTitle(completed ? t.title.over : words.title);
  return (
    <div class="step">
      <header><span class="brand"><Brand /></span></header>
      <main class="grow">
        <div role="status">
          <h1>{words.title}</h1>
          <p class="soft">{words.text}</p>
        </div>
        {completed ? (
          <dl class="over-facts card">
            {session.duration_seconds === null ? null : <Fact name={t.over.duration}>{durationWords(session.duration_seconds)}</Fact>}
            <Fact name={t.over.doctor}>{withTitle(session.doctor_name)}</Fact>
            {record ? <Fact name={t.over.toPay}>{isDue(record.outstanding_balance) ? moneyWords(record.outstanding_balance, record.currency) : t.over.nothingToPay}</Fact> : null}
            {session.recording_status === "" || session.recording_url === "" ? <Fact name={t.over.recording}>{t.over.noRecording}</Fact> : null}
          </dl>
        ) : null}
      </main>
      <footer>
        {again ? <Button kind="primary" wide onClick={onRejoin}>{reason === "replaced" ? t.over.here : session.status === "SCHEDULED" ? t.over.rejoinWaiting : t.over.rejoin}</Button> : null}
        {reason === "outdated" ? <Button kind="primary" wide onClick={() => location.reload()}>{t.over.reload}</Button> : null}
        {onEnd && running && session.status === "IN_PROGRESS" ? <Button wide onClick={onEnd}>{t.bar.end}</Button> : null}
        {isPatient ? <LinkButton wide href="/">{t.over.myPage}</LinkButton> : <><LinkButton wide href={`/telemedicine/${session.id}`}>{t.over.session}</LinkButton><LinkButton kind="quiet" href="/telemedicine">{t.over.board}</LinkButton></>}
      </footer>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}

function wordsFor(session: Session, reason: EndReason | null, running: boolean, isPatient: boolean): { title: string; text: string } {
  const doctor = withTitle(session.doctor_name);
  if (session.status === "CANCELLED" || reason === "cancelled") return { title: t.over.cancelled, text: t.over.cancelledHint };
  if (session.status === "FAILED") return { title: t.over.failed, text: t.over.failedHint };
  if (!isPatient && (session.status === "COMPLETED" || reason === "ended_by_doctor")) return { title: t.over.closed, text: t.over.closedHint };
  if (session.status === "COMPLETED" || reason === "ended_by_doctor") return { title: t.over.thanks, text: t.over.thanksBy(doctor) };
  switch (reason) {
    case "replaced":
      return { title: t.over.replaced, text: t.over.replacedHint };
    case "removed":
      return { title: t.over.removed, text: "" };
    case "refused":
      return { title: t.over.refused, text: t.over.refusedHint };
    case "full":
      return { title: t.over.full, text: "" };
    case "outdated":
      return { title: t.over.outdated, text: "" };
    case "failed":
      return { title: t.over.failed, text: t.over.failedHint };
    default:
      if (!running) return { title: t.over.closed, text: "" };
      return session.status === "SCHEDULED" ? { title: t.over.leftWaiting, text: t.over.leftWaitingHint } : { title: t.over.left, text: t.over.leftRunning };
  }
}
