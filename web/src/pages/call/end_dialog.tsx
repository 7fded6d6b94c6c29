import { useEffect, useState } from "preact/hooks";
import { client } from "../../api/index.ts";
import { ApiError, explain } from "../../api/errors.ts";
import type { EndedSession, Page, Service, Session } from "../../api/types.ts";
import { type Ended, readEnd } from "../../call/ending.ts";
import type { Notes } from "../../call/notes.ts";
import { useInfo } from "../../data/clinic.ts";
import { useAction } from "../../data/use_action.ts";
import { useLoad } from "../../data/use_load.ts";
import { callText as t } from "../../i18n/call_en.ts";
import { moneyWords } from "../../money/money.ts";
import { durationWords } from "../../time/words.ts";
import { Button, LinkButton } from "../../ui/button.tsx";
import { Dialog, DialogFoot } from "../../ui/dialog.tsx";
import { TextArea } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useReadable } from "./use_readable.ts";

/** Ends the visit: the notes as they are typed, the bill, and in the same place what became of it. */
export function EndDialog({ session, notes, onClose, onEnded }: { session: Session; notes: Notes; onClose: () => void; onEnded: (session: Session) => void }) {
  const { text } = useReadable(notes.view);
  const [bill, setBill] = useState(true);
  const [ended, setEnded] = useState<Ended | null>(null);
  const action = useAction();
  const code = useInfo()?.billing_service_code ?? "";
  const catalog = useLoad(`call-service-${code}`, (signal) => client.get<Page<Service>>("billing/service-catalog/", { query: { search: code }, signal }));
  const service = catalog.data?.results.find((one) => one.service_code === code && one.is_active);

  const end = async () => {
    const body = { notes: text, add_to_bill: bill };
    const answer = await action.run(body, async (key) => {
      // Saving on its own may not overtake what the end stores; a save that hangs may not keep the visit open either.
      await Promise.race([notes.hold(true), new Promise((done) => setTimeout(done, 3000))]);
      try {
        return await client.post<EndedSession>(`telemedicine/${session.id}/end/`, body, { key });
      } catch (error) {
        // Ended already, by an earlier try whose answer was lost or in another window: the session tells what happened.
        if (!(error instanceof ApiError) || error.status !== 409) throw error;
        const now = await client.get<Session>(`telemedicine/${session.id}/`);
        if (now.status !== "COMPLETED") throw error;
        return { ...now, billing_added: now.billing !== null } satisfies EndedSession;
      }
    });
    void notes.hold(false);
    if (!answer) return;
    notes.stored(answer.notes);
    setEnded(readEnd(answer, bill));
    onEnded(answer);
  };
  useEffect(() => () => void notes.hold(false), []);

  if (ended) {
    return (
      <Dialog title={t.end.resultTitle} onClose={onClose}>
        <div role="status" class="end-result">
          {ended.seconds === null ? null : <p>{t.end.lasted(durationWords(ended.seconds))}</p>}
          <BillWords ended={ended} />
        </div>
        <DialogFoot>
          <LinkButton href="/telemedicine">{t.end.board}</LinkButton>
          <LinkButton kind="primary" href={`/telemedicine/${session.id}`}>{t.end.session}</LinkButton>
        </DialogFoot>
      </Dialog>
    );
  }
  const lost = action.error instanceof ApiError && action.error.unanswered;
  return (
    <Dialog title={t.end.title(session.patient_name)} onClose={onClose} busy={action.busy}>
      <p class="soft">{t.end.about}</p>
      <TextArea label={t.end.notes} rows={6} optional value={text} onValue={(next) => notes.type(next)} readOnly={action.busy} />
      <label class="bill">
        <input type="checkbox" checked={bill} disabled={action.busy} onChange={(event) => setBill(event.currentTarget.checked)} />
        <span>
          <b>{service?.name ?? t.end.bill}</b>
          <span class="faint">{service || !catalog.data ? t.end.billOnce(code) : t.end.billUnknown}</span>
        </span>
        <b class="number">{service ? moneyWords(service.amount, service.currency) : ""}</b>
      </label>
      {action.error ? <Notice tone="danger" title={lost ? t.end.unsureTitle : t.end.failed}>{lost ? t.end.unsure : explain(action.error)}</Notice> : null}
      <DialogFoot>
        <Button onClick={onClose} disabled={action.busy}>{t.end.back}</Button>
        <Button kind="danger" busy={action.busy} onClick={() => void end()}>{action.error ? t.end.again : t.end.end}</Button>
      </DialogFoot>
    </Dialog>
  );
}

function BillWords({ ended }: { ended: Ended }) {
  const { bill } = ended;
  switch (bill.kind) {
    case "billed":
      return <p><b>{t.end.billed(bill.what || t.end.bill, moneyWords(bill.amount, bill.currency))}</b></p>;
    case "billed_plain":
      return <p><b>{t.end.billedPlain}</b></p>;
    case "not_billed":
      return <Notice tone="attention">{t.end.notBilled(bill.reason)}</Notice>;
    case "not_asked":
      return <p>{t.end.notAsked}</p>;
  }
}
