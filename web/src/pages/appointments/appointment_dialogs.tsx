import { useState } from "preact/hooks";
import { accounts, appointments, sessions } from "../../api/calls.ts";
import { ApiError, fieldError, formError } from "../../api/errors.ts";
import type { Appointment, User } from "../../api/types.ts";
import { now, useInfo, useZone } from "../../data/clinic.ts";
import { useAction } from "../../data/use_action.ts";
import { useLoad } from "../../data/use_load.ts";
import { appointmentWords as w } from "../../i18n/appointments_en.ts";
import { sessionWords } from "../../i18n/sessions_en.ts";
import { t } from "../../i18n/index.ts";
import { navigate } from "../../router/location.ts";
import { whenWords } from "../../time/words.ts";
import { addDays, dayOf, parseWall } from "../../time/zone.ts";
import { Button, LinkButton } from "../../ui/button.tsx";
import { Combobox, type Option } from "../../ui/combobox.tsx";
import { DateTimeField } from "../../ui/date_time_field.tsx";
import { Dialog, DialogFoot } from "../../ui/dialog.tsx";
import { RadioGroup, SelectField, TextArea, TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toast } from "../../ui/toast.tsx";
import { searchPatients } from "../visits/new_visit_dialog.tsx";

/** Books a time for a patient with a doctor. */
export function AppointmentDialog({ user, onClose, onCreated }: { user: User; onClose: () => void; onCreated: () => void }) {
  const zone = useZone();
  const isDoctor = user.role === "DOCTOR";
  const [patient, setPatient] = useState<Option | null>(null);
  const [doctor, setDoctor] = useState(isDoctor ? String(user.id) : "");
  const [day, setDay] = useState(() => addDays(dayOf(now(), zone), 1));
  const [clock, setClock] = useState("09:00");
  const [minutes, setMinutes] = useState("30");
  const [reason, setReason] = useState("");
  const [notes, setNotes] = useState("");
  const [tried, setTried] = useState(false);
  const action = useAction();
  const doctors = useLoad(isDoctor ? null : "doctors", (signal) => accounts.doctors(signal));
  const at = parseWall(day, clock, zone);
  const missing = { patient: !patient, doctor: doctor === "", when: !at, reason: reason.trim() === "" };
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (!patient || !at || missing.doctor || missing.reason) return;
    const body = { patient: patient.id, doctor: Number(doctor), appointment_date: at.toISOString(), duration_minutes: Number(minutes), reason: reason.trim(), notes: notes.trim() };
    const created = await action.run(body, (key) => appointments.create(body, key));
    if (!created) return;
    toast(w.created(patient.title, whenWords(created.appointment_date, zone, now())));
    onCreated();
  };
  const error = (field: string, own: boolean, words: string) => (tried && own ? words : fieldError(action.error, field));
  const trouble = formError(action.error, ["patient", "doctor", "appointment_date", "duration_minutes", "reason", "notes"]);
  return (
    <Dialog title={w.newAppointment} onClose={onClose} busy={action.busy}>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        {trouble ? <Notice tone="danger">{trouble}</Notice> : null}
        <Combobox label={w.patient} value={patient} onValue={setPatient} search={searchPatients} none={t.common.none} error={error("patient", missing.patient, w.patientMissing)} />
        {isDoctor ? null : <SelectField label={w.doctor} value={doctor} onValue={setDoctor} error={error("doctor", missing.doctor, w.doctorMissing)} choices={[{ value: "", label: w.doctorChoose }, ...(doctors.data ?? []).map((one) => ({ value: String(one.id), label: one.full_name }))]} />}
        <DateTimeField label={w.when} day={day} clock={clock} onDay={setDay} onClock={setClock} zone={zone} error={error("appointment_date", missing.when, w.whenMissing)} />
        <div class="pair">
          <SelectField label={w.duration} value={minutes} onValue={setMinutes} error={fieldError(action.error, "duration_minutes")} choices={[10, 15, 20, 30, 45, 60, 90].map((count) => ({ value: String(count), label: w.minutes(count) }))} />
          <TextField label={w.reason} value={reason} onValue={setReason} maxLength={500} error={error("reason", missing.reason, w.reasonMissing)} />
        </div>
        <TextArea label={w.notes} optional value={notes} onValue={setNotes} rows={2} maxLength={1000} error={fieldError(action.error, "notes")} />
        <DialogFoot>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={action.busy}>{w.create}</Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

/** Asks before an appointment is cancelled. */
export function CancelAppointmentDialog({ appointment, onClose, onCancelled }: { appointment: Appointment; onClose: () => void; onCancelled: () => void }) {
  const action = useAction();
  const cancel = async () => {
    const done = await action.run(appointment.id, (key) => appointments.step(appointment.id, "cancel", key));
    if (!done) return;
    toast(w.cancelled);
    onCancelled();
    onClose();
  };
  const trouble = formError(action.error, []);
  return (
    <Dialog title={w.cancelTitle(appointment.patient_name ?? "")} onClose={onClose} busy={action.busy}>
      <p class="soft">{w.cancelText}</p>
      {trouble ? <Notice tone="danger">{trouble}</Notice> : null}
      <DialogFoot>
        <Button onClick={onClose}>{w.keep}</Button>
        <Button kind="danger" busy={action.busy} onClick={() => void cancel()}>{w.cancel}</Button>
      </DialogFoot>
    </Dialog>
  );
}

/** Creates the video session of an appointment. */
export function SessionFromAppointmentDialog({ appointment, onClose }: { appointment: Appointment; onClose: () => void }) {
  const zone = useZone();
  const canRecord = useInfo()?.recording_available === true;
  const [record, setRecord] = useState("no");
  const action = useAction();
  const create = async () => {
    const body = { appointment_id: appointment.id, recording_enabled: record === "yes" };
    const session = await action.run(body, (key) => sessions.createFromAppointment(body, key));
    if (session) navigate(`/telemedicine/${session.id}`);
  };
  const trouble = formError(action.error, []);
  const clash = action.error instanceof ApiError && action.error.code === "session_exists" ? Number((action.error.body as { session?: unknown }).session) || null : null;
  return (
    <Dialog title={w.sessionTitle(appointment.patient_name ?? "")} onClose={onClose} busy={action.busy}>
      <p class="soft">{w.sessionText(whenWords(appointment.appointment_date, zone, now()))}</p>
      {clash ? <Notice tone="attention" action={<LinkButton href={`/telemedicine/${clash}`}>{sessionWords.openIt}</LinkButton>}>{sessionWords.exists}</Notice> : null}
      {trouble && !clash ? <Notice tone="danger">{trouble}</Notice> : null}
      {appointment.visit === null ? <Notice action={<LinkButton href={`/visits?new=visit&patient=${appointment.patient}&appointment=${appointment.id}`}>{w.openVisit}</LinkButton>}>{w.openVisitText}</Notice> : null}
      <RadioGroup
        label={sessionWords.recording}
        value={record}
        onValue={setRecord}
        choices={[{ value: "no", label: sessionWords.recordNo }, { value: "yes", label: sessionWords.recordYes, hint: canRecord ? sessionWords.recordHint : sessionWords.recordUnavailable, disabled: !canRecord }]}
      />
      <DialogFoot>
        <Button onClick={onClose}>{t.common.cancel}</Button>
        <Button kind="primary" busy={action.busy} disabled={appointment.visit === null} onClick={() => void create()}>{w.sessionCreate}</Button>
      </DialogFoot>
    </Dialog>
  );
}
