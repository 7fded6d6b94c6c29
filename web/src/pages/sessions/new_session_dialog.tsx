import { useEffect, useState } from "preact/hooks";
import { accounts, sessions, visits } from "../../api/calls.ts";
import { ApiError, fieldError, formError } from "../../api/errors.ts";
import type { NewSession, Session, User, Visit } from "../../api/types.ts";
import { now, useInfo } from "../../data/clinic.ts";
import { useAction } from "../../data/use_action.ts";
import { useLoad } from "../../data/use_load.ts";
import { sessionWords as w } from "../../i18n/sessions_en.ts";
import { t } from "../../i18n/index.ts";
import { navigate, usePlace } from "../../router/location.ts";
import { whenWords } from "../../time/words.ts";
import { clockOf, dayOf, parseWall } from "../../time/zone.ts";
import { Button, LinkButton } from "../../ui/button.tsx";
import { Combobox, type Option } from "../../ui/combobox.tsx";
import { DateTimeField } from "../../ui/date_time_field.tsx";
import { Dialog, DialogFoot } from "../../ui/dialog.tsx";
import { RadioGroup, SelectField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toast } from "../../ui/toast.tsx";

interface VisitOption extends Option { visit: Visit }

const optionOf = (visit: Visit): VisitOption => ({ id: visit.id, title: visit.patient_name, detail: [visit.patient_number, visit.chief_complaint || t.visitTypes[visit.visit_type]].filter(Boolean).join(" · "), visit });

/** The next full five minutes: what somebody means who does not choose a time. */
function soon(): Date {
  const step = 5 * 60_000;
  return new Date(Math.ceil(now().getTime() / step) * step);
}

/** Creates a session for an open visit. A visit named in the address (`?visit=`) is filled in. */
export function NewSessionDialog({ user, onClose, onCreated }: { user: User; onClose: () => void; onCreated: (session: Session) => void }) {
  const info = useInfo();
  const zone = info?.time_zone ?? "UTC";
  const wanted = Number(usePlace().query.get("visit")) || null;
  const [visit, setVisit] = useState<VisitOption | null>(null);
  const [doctor, setDoctor] = useState("");
  const [day, setDay] = useState(() => dayOf(soon(), zone));
  const [clock, setClock] = useState(() => clockOf(soon(), zone));
  const [record, setRecord] = useState("no");
  const [tried, setTried] = useState(false);
  const action = useAction();
  const isDoctor = user.role === "DOCTOR";
  const doctors = useLoad(isDoctor ? null : "doctors", (signal) => accounts.doctors(signal));
  const given = useLoad(wanted === null ? null : `visit ${wanted}`, (signal) => visits.get(wanted ?? 0, signal));

  const take = (option: VisitOption | null) => {
    setVisit(option);
    if (option?.visit.assigned_doctor && !isDoctor) setDoctor(String(option.visit.assigned_doctor));
  };
  useEffect(() => { if (given.data && !visit) take(optionOf(given.data)); }, [given.data]);

  const start = parseWall(day, clock, zone);
  const missing = { visit: !visit, doctor: !isDoctor && doctor === "", start: start === null };
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (!visit || !start || missing.doctor) return;
    const body: NewSession = { visit: visit.id, scheduled_start: start.toISOString(), recording_enabled: record === "yes", ...(isDoctor ? {} : { doctor: Number(doctor) }) };
    const session = await action.run(body, (key) => sessions.create(body, key));
    if (!session) return;
    toast(w.created(session.patient_name, whenWords(session.scheduled_start, zone, now())), { action: { label: t.common.open, run: () => navigate(`/telemedicine/${session.id}`) } });
    onCreated(session);
  };

  const clash = action.error instanceof ApiError && action.error.code === "session_exists" ? Number((action.error.body as { session?: unknown }).session) || null : null;
  const trouble = clash ? "" : formError(action.error, ["visit", "doctor", "scheduled_start", "recording_enabled"]);
  const canRecord = info?.recording_available === true;
  return (
    <Dialog title={w.newTitle} onClose={onClose} busy={action.busy}>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        {trouble ? <Notice tone="danger">{trouble}</Notice> : null}
        {clash ? <Notice tone="attention" action={<LinkButton href={`/telemedicine/${clash}`}>{w.openIt}</LinkButton>}>{w.exists}</Notice> : null}
        <Combobox
          label={w.visit}
          hint={w.visitHint}
          value={visit}
          onValue={take}
          none={w.noVisit}
          error={tried && missing.visit ? w.visitMissing : fieldError(action.error, "visit")}
          search={async (text, signal) => (await visits.list({ status: "OPEN", search: text, page_size: 20 }, signal)).results.map(optionOf)}
        />
        {isDoctor ? null : (
          <SelectField
            label={w.doctor}
            value={doctor}
            onValue={setDoctor}
            error={tried && missing.doctor ? w.doctorMissing : fieldError(action.error, "doctor")}
            choices={[{ value: "", label: w.doctorChoose }, ...(doctors.data ?? []).map((one) => ({ value: String(one.id), label: one.specialization ? `${one.full_name}, ${one.specialization}` : one.full_name }))]}
          />
        )}
        <DateTimeField label={w.start} day={day} clock={clock} onDay={setDay} onClock={setClock} zone={zone} error={tried && missing.start ? w.startMissing : fieldError(action.error, "scheduled_start")} />
        <RadioGroup
          label={w.recording}
          value={record}
          onValue={setRecord}
          choices={[
            { value: "no", label: w.recordNo },
            { value: "yes", label: w.recordYes, hint: canRecord ? w.recordHint : w.recordUnavailable, disabled: !canRecord },
          ]}
        />
        <DialogFoot>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={action.busy}>{w.create}</Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
