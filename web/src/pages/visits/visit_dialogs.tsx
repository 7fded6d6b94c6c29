import { useState } from "preact/hooks";
import { accounts, visits } from "../../api/calls.ts";
import { fieldError, formError } from "../../api/errors.ts";
import type { Visit, VisitType } from "../../api/types.ts";
import { useAction } from "../../data/use_action.ts";
import { useLoad } from "../../data/use_load.ts";
import { visitWords as v } from "../../i18n/visits_en.ts";
import { t } from "../../i18n/index.ts";
import { isDue, moneyWords } from "../../money/money.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, DialogFoot } from "../../ui/dialog.tsx";
import { SelectField, TextArea } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toast } from "../../ui/toast.tsx";

/** Changes the reason, the kind and the doctor of an open visit. */
export function EditDialog({ visit, onClose, onSaved }: { visit: Visit; onClose: () => void; onSaved: () => void }) {
  const [complaint, setComplaint] = useState(visit.chief_complaint);
  const [type, setType] = useState<VisitType>(visit.visit_type);
  const [doctor, setDoctor] = useState(String(visit.assigned_doctor ?? ""));
  const doctors = useLoad("doctors", (signal) => accounts.doctors(signal));
  const action = useAction();
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = { chief_complaint: complaint.trim(), visit_type: type, ...(doctor === String(visit.assigned_doctor ?? "") ? {} : { assigned_doctor: doctor === "" ? null : Number(doctor) }) };
    const saved = await action.run(body, () => visits.change(visit.id, body));
    if (!saved) return;
    toast(v.saved);
    onSaved();
    onClose();
  };
  const trouble = formError(action.error, ["chief_complaint", "visit_type", "assigned_doctor"]);
  return (
    <Dialog title={v.editTitle} onClose={onClose} busy={action.busy}>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        {trouble ? <Notice tone="danger">{trouble}</Notice> : null}
        <TextArea label={v.complaint} value={complaint} onValue={setComplaint} maxLength={1000} error={fieldError(action.error, "chief_complaint")} />
        <div class="pair">
          <SelectField label={v.type} value={type} onValue={(value) => setType(value as VisitType)} error={fieldError(action.error, "visit_type")} choices={Object.entries(t.visitTypes).map(([value, label]) => ({ value, label }))} />
          <SelectField label={v.assigned} optional value={doctor} onValue={setDoctor} error={fieldError(action.error, "assigned_doctor")} choices={[{ value: "", label: v.noDoctor }, ...(doctors.data ?? []).map((one) => ({ value: String(one.id), label: one.full_name }))]} />
        </div>
        <DialogFoot>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={action.busy}>{t.common.save}</Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

/** Asks before a visit is closed, and says what is still owed. */
export function CloseDialog({ visit, balance, onClose, onClosed }: { visit: Visit; balance: string; onClose: () => void; onClosed: () => void }) {
  const action = useAction();
  const close = async () => {
    const done = await action.run(visit.id, (key) => visits.close(visit.id, key));
    if (!done) return;
    toast(v.closed);
    onClosed();
    onClose();
  };
  const trouble = formError(action.error, []);
  return (
    <Dialog title={v.closeTitle} onClose={onClose} busy={action.busy}>
      <p class="soft">{v.closeText}</p>
      {isDue(balance) ? <Notice tone="attention">{v.closeDue(moneyWords(balance, visit.currency))}</Notice> : null}
      {trouble ? <Notice tone="danger">{trouble}</Notice> : null}
      <DialogFoot>
        <Button onClick={onClose}>{v.keepOpen}</Button>
        <Button kind="primary" busy={action.busy} onClick={() => void close()}>{v.close}</Button>
      </DialogFoot>
    </Dialog>
  );
}
