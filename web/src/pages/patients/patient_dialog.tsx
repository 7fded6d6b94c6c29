import { useState } from "preact/hooks";
import { patients } from "../../api/calls.ts";
import { fieldError, formError } from "../../api/errors.ts";
import type { Gender, Patient } from "../../api/types.ts";
import { useAction } from "../../data/use_action.ts";
import { patientWords as w } from "../../i18n/patients_en.ts";
import { t } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, DialogFoot } from "../../ui/dialog.tsx";
import { SelectField, TextArea, TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toast } from "../../ui/toast.tsx";
import "./patient.css";

const FIELDS = ["first_name", "middle_name", "last_name", "date_of_birth", "gender", "phone", "email", "address", "national_id", "language", "emergency_contact_name", "emergency_contact_phone", "emergency_contact_relationship"] as const;
type Field = (typeof FIELDS)[number];

/** Registers a patient, or changes one. */
export function PatientDialog({ patient, today, onClose, onSaved }: { patient?: Patient; today: Date; onClose: () => void; onSaved: (patient: Patient) => void }) {
  const [values, setValues] = useState<Record<Field, string>>(() => Object.fromEntries(FIELDS.map((field) => [field, patient?.[field] ?? (field === "gender" ? "PREFER_NOT_TO_SAY" : "")])) as Record<Field, string>);
  const [tried, setTried] = useState(false);
  const action = useAction();
  const own: Partial<Record<Field, string>> = {
    first_name: values.first_name.trim() ? "" : w.nameMissing,
    last_name: values.last_name.trim() ? "" : w.nameMissing,
    date_of_birth: !values.date_of_birth ? w.bornMissing : Date.parse(values.date_of_birth) > today.getTime() ? w.bornFuture : "",
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(own).some(Boolean)) return;
    const trimmed = Object.fromEntries(FIELDS.map((field) => [field, values[field].trim()])) as Record<Field, string>;
    // Only what was changed is sent, so that two people editing different fields do not undo each other.
    const body: Partial<Patient> = patient
      ? Object.fromEntries(Object.entries(trimmed).filter(([field, value]) => value !== (patient[field as Field] ?? "")))
      : { ...trimmed, gender: trimmed.gender as Gender };
    const saved = await action.run(body, (key) => (patient ? patients.change(patient.id, body) : patients.create(body, key)));
    if (!saved) return;
    toast(patient ? w.saved : w.registered(saved.full_name, saved.patient_number));
    onSaved(saved);
  };
  const text = (field: Field) => ({
    value: values[field],
    onValue: (value: string) => setValues({ ...values, [field]: value }),
    error: (tried ? own[field] : "") || fieldError(action.error, field),
  });
  const trouble = formError(action.error, FIELDS);
  const moreOpen = patient !== undefined || FIELDS.slice(9).some((field) => fieldError(action.error, field));
  return (
    <Dialog title={patient ? w.editTitle : w.newTitle} onClose={onClose} busy={action.busy}>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        {trouble ? <Notice tone="danger">{trouble}</Notice> : null}
        <div class="pair">
          <TextField label={w.first} {...text("first_name")} maxLength={100} autocomplete="off" />
          <TextField label={w.last} {...text("last_name")} maxLength={100} autocomplete="off" />
        </div>
        <div class="pair">
          <TextField label={w.born} type="date" {...text("date_of_birth")} />
          <SelectField label={w.gender} {...text("gender")} choices={Object.entries(t.genders).map(([value, label]) => ({ value, label }))} />
        </div>
        <div class="pair">
          <TextField label={w.phone} type="tel" inputMode="tel" optional {...text("phone")} maxLength={30} />
          <TextField label={w.nationalId} optional {...text("national_id")} maxLength={50} spellcheck={false} />
        </div>
        <TextField label={w.email} type="email" optional {...text("email")} maxLength={254} />
        <details class="more-fields" open={moreOpen}>
          <summary>{w.more}</summary>
          <div class="form">
            <div class="pair">
              <TextField label={w.middle} optional {...text("middle_name")} maxLength={100} />
              <TextField label={w.language} hint={w.languageHint} optional {...text("language")} maxLength={20} />
            </div>
            <TextArea label={w.address} optional {...text("address")} rows={2} maxLength={500} />
            <h3>{w.emergency}</h3>
            <div class="pair">
              <TextField label={w.emergencyName} optional {...text("emergency_contact_name")} maxLength={100} />
              <TextField label={w.emergencyPhone} type="tel" inputMode="tel" optional {...text("emergency_contact_phone")} maxLength={30} />
            </div>
            <TextField label={w.emergencyRelationship} optional {...text("emergency_contact_relationship")} maxLength={100} />
          </div>
        </details>
        <DialogFoot>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={action.busy}>{patient ? t.common.save : w.register}</Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
