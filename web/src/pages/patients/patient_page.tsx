import { Archive, ArchiveRestore, Ellipsis, Pencil, Plus } from "lucide";
import { patients, visits } from "../../api/calls.ts";
import { explain } from "../../api/errors.ts";
import type { Patient, User } from "../../api/types.ts";
import { now } from "../../data/clinic.ts";
import { useLoad } from "../../data/use_load.ts";
import { patientWords as w } from "../../i18n/patients_en.ts";
import { t } from "../../i18n/index.ts";
import { aboutPatient } from "../../people/names.ts";
import { navigate, setQuery, useQuery } from "../../router/location.ts";
import { useTitle } from "../../shell/title.ts";
import { shortDay } from "../../time/words.ts";
import { Button } from "../../ui/button.tsx";
import { fact, Facts } from "../../ui/facts.tsx";
import { Icon } from "../../ui/icon.tsx";
import { LoadError, Skeleton } from "../../ui/load_state.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Pager } from "../../ui/pager.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { NewVisitDialog } from "../visits/new_visit_dialog.tsx";
import { VisitTable } from "../visits/visits_page.tsx";
import { PatientDialog } from "./patient_dialog.tsx";

const SIZE = 25;

/** One patient: the record beside the visits. */
export default function PatientPage({ id, user }: { id: number; user: User }) {
  const patient = useLoad(`patient ${id}`, (signal) => patients.get(id, signal), { kinds: ["patient"] });
  useTitle(patient.data?.full_name ?? w.title);
  if (!patient.data) return patient.error ? <LoadError error={patient.error} onRetry={patient.reload} /> : <div class="two"><div class="card pad"><Skeleton lines={8} /></div><div class="card pad"><Skeleton lines={6} /></div></div>;
  return <Loaded patient={patient.data} user={user} onChange={patient.set} />;
}

function Loaded({ patient, user, onChange }: { patient: Patient; user: User; onChange: (patient: Patient) => void }) {
  const [page] = useQuery("page", "1");
  const [dialog, setDialog] = useQuery("dialog");
  const query = { patient: patient.id, page, page_size: SIZE };
  const list = useLoad(`visits ${JSON.stringify(query)}`, (signal) => visits.list(query, signal), { kinds: ["visit"], keep: true });
  const desk = user.role === "RECEPTIONIST" || user.role === "ADMIN";
  const mayEdit = desk || user.role === "NURSE";
  const mayVisit = patient.is_active && (desk || user.role === "DOCTOR");
  const close = () => setQuery({ dialog: "", patient: "" });

  const archive = async () => {
    try {
      onChange(await patients.archive(patient.id));
      toast(w.archivedToast(patient.full_name), { action: { label: t.common.undo, run: () => void restore() } });
    } catch (error) {
      toast(explain(error), { tone: "danger" });
    }
  };
  const restore = async () => {
    try {
      onChange(await patients.restore(patient.id));
      toast(w.restored(patient.full_name));
    } catch (error) {
      toast(explain(error), { tone: "danger" });
    }
  };
  const link = (href: string, text: string) => (text ? <a href={`${href}:${text}`}>{text}</a> : t.common.unknown);
  const emergency = [patient.emergency_contact_name, patient.emergency_contact_relationship].filter(Boolean).join(", ");
  return (
    <>
      <div class="head">
        <div>
          <h1>{patient.full_name}</h1>
          <span class="sub number">{[aboutPatient(patient), patient.patient_number].filter(Boolean).join(" · ")}</span>
        </div>
        <div class="end">
          {mayEdit ? <Button icon={Pencil} onClick={() => setDialog("edit")}>{w.edit}</Button> : null}
          {mayVisit ? <Button kind="primary" icon={Plus} data-new onClick={() => setQuery({ dialog: "visit", patient: String(patient.id) })}>{w.newVisit}</Button> : null}
          {desk ? <Menu label={t.common.more} button={<Icon of={Ellipsis} />} groups={[[patient.is_active ? { label: w.archive, icon: Archive, onSelect: () => void archive() } : { label: w.restore, icon: ArchiveRestore, onSelect: () => void restore() }]]} /> : null}
        </div>
      </div>
      <div class="stack">
        {patient.is_active ? null : <Notice tone="attention" action={desk ? <Button onClick={() => void restore()}>{w.restore}</Button> : null}>{w.archivedNotice}</Notice>}
        <div class="two">
          <aside class="card pad">
            <Facts
              items={[
                fact(w.facts.born, patient.date_of_birth ? <span class="number">{w.bornAge(shortDay(patient.date_of_birth, ""), patient.age === null ? "" : t.common.years(patient.age))}</span> : t.common.unknown),
                fact(w.facts.gender, t.genders[patient.gender] ?? patient.gender),
                fact(w.facts.phone, <span class="number">{link("tel", patient.phone)}</span>),
                fact(w.facts.email, link("mailto", patient.email)),
                fact(w.facts.id, <span class="number">{patient.national_id || t.common.unknown}</span>),
                patient.address ? fact(w.facts.address, patient.address) : null,
                patient.language ? fact(w.facts.language, patient.language) : null,
                emergency || patient.emergency_contact_phone ? fact(w.facts.emergency, <>{emergency} {patient.emergency_contact_phone ? <a class="number" href={`tel:${patient.emergency_contact_phone}`}>{patient.emergency_contact_phone}</a> : null}</>) : null,
                fact(w.facts.since, <Time at={patient.created_at} />),
              ]}
            />
          </aside>
          <section aria-labelledby="patient-visits" class="stack">
            <h2 id="patient-visits">{w.visits}</h2>
            {list.error ? <LoadError error={list.error} onRetry={list.reload} /> : null}
            {list.data ? (list.data.results.length > 0 ? <VisitTable visits={list.data.results} stale={list.stale} ofPatient /> : <div class="card pad"><p class="soft">{w.noVisits}</p></div>) : list.error ? null : <div class="card pad"><Skeleton /></div>}
            {list.data ? <Pager page={Number(page) || 1} count={list.data.count} size={SIZE} onPage={(next) => setQuery({ page: next === 1 ? "" : String(next) })} /> : null}
          </section>
        </div>
      </div>
      {dialog === "edit" && mayEdit ? <PatientDialog patient={patient} today={now()} onClose={close} onSaved={(saved) => { onChange(saved); close(); }} /> : null}
      {dialog === "visit" && mayVisit ? <NewVisitDialog user={user} onClose={close} onCreated={(visit) => navigate(`/visits/${visit.id}`)} /> : null}
    </>
  );
}
