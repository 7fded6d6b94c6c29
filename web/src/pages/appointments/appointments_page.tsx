import { CalendarCheck, CalendarPlus, CalendarX2, CircleCheck, ClipboardPlus, Ellipsis, SearchX, Video } from "lucide";
import { useState } from "preact/hooks";
import { accounts, appointments } from "../../api/calls.ts";
import { explain } from "../../api/errors.ts";
import type { Appointment, AppointmentStatus, User } from "../../api/types.ts";
import { now, useZone } from "../../data/clinic.ts";
import { randomKey } from "../../api/intent.ts";
import { useLoad } from "../../data/use_load.ts";
import { appointmentWords as w } from "../../i18n/appointments_en.ts";
import { t } from "../../i18n/index.ts";
import { withTitle } from "../../people/names.ts";
import { navigate, setQuery, useQuery } from "../../router/location.ts";
import { useTitle } from "../../shell/title.ts";
import { dayOf } from "../../time/zone.ts";
import { Badge, type Tone } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Select } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Empty, LoadError, Skeleton } from "../../ui/load_state.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Pager } from "../../ui/pager.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { AppointmentDialog, CancelAppointmentDialog, SessionFromAppointmentDialog } from "./appointment_dialogs.tsx";
import { periodOf, type Period } from "./period.ts";

const SIZE = 25;
/** What is to come stands on one page, so that its order can be turned around. */
const COMING_SIZE = 200;
const TONES: Record<AppointmentStatus, Tone> = { SCHEDULED: "attention", CONFIRMED: "info", COMPLETED: "good", CANCELLED: "plain", NO_SHOW: "danger" };

/** Booked times, the next first. */
export default function AppointmentsPage({ user }: { user: User }) {
  const zone = useZone();
  const [period, setPeriod] = useQuery("period", "coming");
  const [status, setStatus] = useQuery("status");
  const isDoctor = user.role === "DOCTOR";
  const coming = period === "coming" || period === "today" || period === "week";
  const size = coming ? COMING_SIZE : SIZE;
  const [doctor, setDoctor] = useQuery("doctor", isDoctor ? String(user.id) : "");
  const [page] = useQuery("page", "1");
  const [dialog, setDialog] = useQuery("new");
  const [chosen, setChosen] = useState<{ what: "cancel" | "session"; appointment: Appointment } | null>(null);
  useTitle(w.title);
  const doctors = useLoad("doctors", (signal) => accounts.doctors(signal));
  const query = { ...periodOf(period as Period, dayOf(now(), zone), zone), status, doctor: doctor === "all" ? "" : doctor, page, page_size: size };
  const loaded = useLoad(`appointments ${JSON.stringify(query)}`, (signal) => appointments.list(query, signal), { kinds: ["appointment"], keep: true });
  // The server lists the latest first; what is to come is read from the nearest on.
  const rows = coming && loaded.data ? [...loaded.data.results].reverse() : loaded.data?.results;
  const desk = user.role === "RECEPTIONIST" || user.role === "ADMIN";
  const mayCreate = desk || isDoctor;

  const step = async (appointment: Appointment, what: "confirm" | "complete", said: string) => {
    try {
      await appointments.step(appointment.id, what, randomKey());
      toast(said);
      loaded.reload();
    } catch (error) {
      toast(explain(error), { tone: "danger" });
    }
  };
  const columns: Column<Appointment>[] = [
    { key: "when", title: w.columns.when, main: true, cell: (one) => <><b class="number"><Time at={one.appointment_date} /></b><span class="faint">{w.minutes(one.duration_minutes)}</span></> },
    { key: "patient", title: w.columns.patient, keep: true, cell: (one) => <a href={`/patients/${one.patient}`}>{one.patient_name || `#${one.patient}`}</a> },
    { key: "doctor", title: w.columns.doctor, keep: true, cell: (one) => withTitle(one.doctor_name ?? doctors.data?.find((each) => each.id === one.doctor)?.full_name ?? "") },
    { key: "reason", title: w.columns.reason, bare: true, cell: (one) => one.reason },
    { key: "state", title: w.columns.state, bare: true, cell: (one) => <Badge tone={TONES[one.status]}>{t.appointmentStates[one.status]}</Badge> },
    {
      key: "acts", title: t.common.actions, quietTitle: true, bare: true, figure: true, cell: (one) => {
        const own = desk || one.doctor === user.id;
        const open = one.status === "SCHEDULED" || one.status === "CONFIRMED";
        if (!own || !open) return null;
        return (
          <span class="row acts">
            {one.status === "SCHEDULED" ? <Button onClick={() => void step(one, "confirm", w.confirmed)}>{w.confirm}</Button> : <Button icon={Video} onClick={() => setChosen({ what: "session", appointment: one })}>{w.createSession}</Button>}
            <Menu
              label={`${t.common.more}: ${one.patient_name ?? ""}`}
              button={<Icon of={Ellipsis} />}
              groups={[
                [
                  ...(one.status === "SCHEDULED" ? [{ label: w.createSession, icon: Video, onSelect: () => setChosen({ what: "session", appointment: one }) }] : []),
                  ...(one.visit === null ? [{ label: w.openVisit, icon: ClipboardPlus, onSelect: () => navigate(`/visits?new=visit&patient=${one.patient}&appointment=${one.id}`) }] : []),
                  ...(one.doctor === user.id || user.role === "ADMIN" ? [{ label: w.complete, icon: CircleCheck, onSelect: () => void step(one, "complete", w.completed) }] : []),
                ],
                [{ label: w.cancel, icon: CalendarX2, danger: true, onSelect: () => setChosen({ what: "cancel", appointment: one }) }],
              ]}
            />
          </span>
        );
      },
    },
  ];
  const filtered = period !== "coming" || status !== "" || doctor !== (isDoctor ? String(user.id) : "");
  const first = (set: (value: string) => void) => (value: string) => { setQuery({ page: "" }); set(value); };
  return (
    <>
      <div class="head">
        <h1>{w.title}</h1>
        <div class="end">{mayCreate ? <Button kind="primary" icon={CalendarPlus} data-new onClick={() => setDialog("appointment")}>{w.newAppointment}</Button> : null}</div>
      </div>
      <div class="filters">
        <Select class="auto" aria-label={w.period} value={period} onValue={first(setPeriod)} choices={Object.entries(w.periods).map(([value, label]) => ({ value, label }))} />
        <Select class="auto" aria-label={w.state} value={status} onValue={first(setStatus)} choices={[{ value: "", label: w.allStates }, ...Object.entries(t.appointmentStates).map(([value, label]) => ({ value, label }))]} />
        <Select class="auto" aria-label={w.doctor} value={doctor} onValue={first(setDoctor)} choices={[{ value: isDoctor ? "all" : "", label: w.allDoctors }, ...(doctors.data ?? []).map((one) => ({ value: String(one.id), label: one.full_name }))]} />
        {loaded.data ? <span class="count number">{w.count(loaded.data.count)}</span> : null}
      </div>
      {loaded.error ? <LoadError error={loaded.error} onRetry={loaded.reload} /> : null}
      {!rows && !loaded.error ? <div class="card pad"><Skeleton lines={8} /></div> : null}
      {rows && rows.length > 0 ? <Table caption={w.title} rows={rows} columns={columns} stale={loaded.stale} /> : null}
      {rows && rows.length === 0 ? (
        <div class="card">
          {filtered
            ? <Empty icon={SearchX} title={w.emptyFiltered} action={<Button onClick={() => setQuery({ period: "all", status: "", doctor: isDoctor ? "all" : "", page: "" })}>{w.showAll}</Button>} />
            : <Empty icon={CalendarCheck} title={w.empty} action={mayCreate ? <Button icon={CalendarPlus} onClick={() => setDialog("appointment")}>{w.newAppointment}</Button> : null}>{w.emptyText}</Empty>}
        </div>
      ) : null}
      {loaded.data ? <Pager page={Number(page) || 1} count={loaded.data.count} size={size} onPage={(next) => setQuery({ page: next === 1 ? "" : String(next) })} /> : null}
      {dialog === "appointment" && mayCreate ? <AppointmentDialog user={user} onClose={() => setDialog("")} onCreated={() => { setDialog(""); loaded.reload(); }} /> : null}
      {chosen?.what === "cancel" ? <CancelAppointmentDialog appointment={chosen.appointment} onClose={() => setChosen(null)} onCancelled={loaded.reload} /> : null}
      {chosen?.what === "session" ? <SessionFromAppointmentDialog appointment={chosen.appointment} onClose={() => setChosen(null)} /> : null}
    </>
  );
}
