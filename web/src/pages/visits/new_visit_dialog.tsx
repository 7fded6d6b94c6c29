import { useEffect, useState } from "preact/hooks";
import { accounts, patients, visits } from "../../api/calls.ts";
import { fieldError, formError } from "../../api/errors.ts";
import type { NewVisit, Patient, PaymentMethod, User, Visit, VisitType } from "../../api/types.ts";
import { useInfo } from "../../data/clinic.ts";
import { useAction } from "../../data/use_action.ts";
import { useLoad } from "../../data/use_load.ts";
import { billingWords } from "../../i18n/billing_en.ts";
import { visitWords as v } from "../../i18n/visits_en.ts";
import { t } from "../../i18n/index.ts";
import { minorOf, wireOf } from "../../money/money.ts";
import { aboutPatient } from "../../people/names.ts";
import { usePlace } from "../../router/location.ts";
import { Button, LinkButton } from "../../ui/button.tsx";
import { Combobox, type Option } from "../../ui/combobox.tsx";
import { Dialog, DialogFoot } from "../../ui/dialog.tsx";
import { RadioGroup, SelectField, TextArea, TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toast } from "../../ui/toast.tsx";
import { PaymentFields } from "../billing/payment_fields.tsx";

/** A patient as something to choose. */
export const patientOption = (patient: Patient): Option => ({ id: patient.id, title: patient.full_name, detail: [patient.patient_number, aboutPatient(patient), patient.phone].filter(Boolean).join(" · ") });

/** Finds patients to choose from. */
export const searchPatients = async (text: string, signal: AbortSignal): Promise<Option[]> => (await patients.list({ search: text, is_active: true, page_size: 20 }, signal)).results.map(patientOption);

/** Opens a visit, paid, waived or to be paid later. A patient or an appointment named in the address is filled in. */
export function NewVisitDialog({ user, onClose, onCreated }: { user: User; onClose: () => void; onCreated: (visit: Visit) => void }) {
  const { query } = usePlace();
  const wanted = Number(query.get("patient")) || null;
  const appointment = Number(query.get("appointment")) || null;
  const currency = useInfo()?.currency ?? "";
  const [patient, setPatient] = useState<Option | null>(null);
  const [type, setType] = useState<VisitType>("CONSULTATION");
  const [complaint, setComplaint] = useState("");
  const [doctor, setDoctor] = useState("");
  const [paying, setPaying] = useState("later");
  const [amount, setAmount] = useState("");
  const [method, setMethod] = useState<PaymentMethod>("CASH");
  const [reference, setReference] = useState("");
  const [waiver, setWaiver] = useState("");
  const [waived, setWaived] = useState("");
  const [tried, setTried] = useState(false);
  const action = useAction();
  const given = useLoad(wanted === null ? null : `patient ${wanted}`, (signal) => patients.get(wanted ?? 0, signal));
  useEffect(() => { if (given.data && !patient) setPatient(patientOption(given.data)); }, [given.data]);
  const isDoctor = user.role === "DOCTOR";
  const doctors = useLoad(isDoctor ? null : "doctors", (signal) => accounts.doctors(signal));
  const minor = minorOf(amount);
  const waivedMinor = minorOf(waived);
  const missing = { patient: !patient, complaint: complaint.trim() === "", amount: paying === "now" && (minor === null || minor <= 0), waiver: paying === "waive" && waiver.trim() === "", waived: paying === "waive" && waived.trim() !== "" && (waivedMinor === null || waivedMinor < 0) };

  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (!patient || Object.values(missing).includes(true)) return;
    const body: NewVisit = {
      patient: patient.id,
      visit_type: type,
      chief_complaint: complaint.trim(),
      ...(appointment ? { appointment } : {}),
      ...(doctor && !isDoctor ? { assigned_doctor: Number(doctor) } : {}),
      ...(paying === "now" ? { payment_status: "PAID" as const, payment: { amount: wireOf(minor ?? 0), payment_method: method, transaction_reference: reference.trim() } } : {}),
      ...(paying === "waive" ? { payment_status: "SETTLED" as const, waiver: { reason: waiver.trim(), ...(waivedMinor ? { amount: wireOf(waivedMinor) } : {}) } } : {}),
    };
    const visit = await action.run(body, (key) => visits.create(body, key));
    if (!visit) return;
    toast(v.created(visit.patient_name));
    onCreated(visit);
  };
  const fields = ["patient", "visit_type", "chief_complaint", "assigned_doctor", "payment", "payment.amount", "payment.payment_method", "payment.transaction_reference", "waiver", "waiver.reason", "waiver.amount"];
  const trouble = formError(action.error, fields);
  return (
    <Dialog title={v.newTitle} onClose={onClose} busy={action.busy}>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        {trouble ? <Notice tone="danger">{trouble}</Notice> : null}
        <Combobox label={v.patient} hint={v.patientHint} value={patient} onValue={setPatient} search={searchPatients} none={v.noPatient} error={tried && missing.patient ? v.patientMissing : fieldError(action.error, "patient")} />
        {patient || isDoctor ? null : <div><LinkButton href="/patients?new=patient">{v.register}</LinkButton></div>}
        <TextArea label={v.complaint} hint={v.complaintHint} value={complaint} onValue={setComplaint} maxLength={1000} error={tried && missing.complaint ? v.complaintMissing : fieldError(action.error, "chief_complaint")} />
        <div class={isDoctor ? "" : "pair"}>
          <SelectField label={v.type} value={type} onValue={(value) => setType(value as VisitType)} error={fieldError(action.error, "visit_type")} choices={Object.entries(t.visitTypes).map(([value, label]) => ({ value, label }))} />
          {isDoctor ? null : <SelectField label={v.assigned} optional value={doctor} onValue={setDoctor} error={fieldError(action.error, "assigned_doctor")} choices={[{ value: "", label: v.assignedNone }, ...(doctors.data ?? []).map((one) => ({ value: String(one.id), label: one.full_name }))]} />}
        </div>
        {isDoctor ? null : (
          <RadioGroup
            label={v.paying}
            value={paying}
            onValue={setPaying}
            choices={[{ value: "later", label: v.payLater, hint: v.payLaterHint }, { value: "now", label: v.payNow, hint: v.payNowHint }, { value: "waive", label: v.waive, hint: v.waiveHint }]}
          />
        )}
        {paying === "now" ? (
          <PaymentFields
            amount={amount} onAmount={setAmount} method={method} onMethod={setMethod} reference={reference} onReference={setReference} currency={currency}
            amountError={tried && missing.amount ? billingWords.amountMissing : fieldError(action.error, "payment.amount") || fieldError(action.error, "payment")}
            methodError={fieldError(action.error, "payment.payment_method")}
            referenceError={fieldError(action.error, "payment.transaction_reference")}
          />
        ) : null}
        {paying === "waive" ? (
          <>
            <TextArea label={v.waiverReason} value={waiver} onValue={setWaiver} rows={2} maxLength={500} error={tried && missing.waiver ? v.waiverMissing : fieldError(action.error, "waiver.reason") || fieldError(action.error, "waiver")} />
            <TextField label={`${v.waived} (${currency})`} hint={v.waivedHint} optional value={waived} onValue={setWaived} inputMode="decimal" error={tried && missing.waived ? v.waivedWrong : fieldError(action.error, "waiver.amount")} />
          </>
        ) : null}
        <DialogFoot>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={action.busy}>{v.create}</Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
