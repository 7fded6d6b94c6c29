import { SearchX, UserPlus, UsersRound } from "lucide";
import { patients } from "../../api/calls.ts";
import type { Patient, User } from "../../api/types.ts";
import { now } from "../../data/clinic.ts";
import { useLoad } from "../../data/use_load.ts";
import { patientWords as w } from "../../i18n/patients_en.ts";
import { t } from "../../i18n/index.ts";
import { aboutPatient } from "../../people/names.ts";
import { navigate, setQuery, useQuery } from "../../router/location.ts";
import { useTitle } from "../../shell/title.ts";
import { shortDay } from "../../time/words.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Select } from "../../ui/field.tsx";
import { Empty, LoadError, Skeleton } from "../../ui/load_state.tsx";
import { Pager } from "../../ui/pager.tsx";
import { SearchField } from "../../ui/search_field.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { PatientDialog } from "./patient_dialog.tsx";

const SIZE = 25;

const columns: Column<Patient>[] = [
  { key: "name", title: w.columns.name, main: true, cell: (one) => <><a class="stretch" href={`/patients/${one.id}`}>{one.full_name}</a>{one.is_active ? null : <> <Badge>{w.archivedMark}</Badge></>}<span class="faint">{aboutPatient(one)}</span></> },
  { key: "number", title: w.columns.number, cell: (one) => <span class="number">{one.patient_number}</span> },
  { key: "born", title: w.columns.born, cell: (one) => <span class="number">{one.date_of_birth ? shortDay(one.date_of_birth, "") : t.common.unknown}</span> },
  { key: "phone", title: w.columns.phone, cell: (one) => (one.phone ? <a class="above number" href={`tel:${one.phone}`}>{one.phone}</a> : "") },
  { key: "id", title: w.columns.id, cell: (one) => <span class="number">{one.national_id}</span> },
];

/** The clinic's patients, found by name, number, phone or national id. */
export default function PatientsPage({ user }: { user: User }) {
  const [search, setSearch] = useQuery("search");
  const [show, setShow] = useQuery("show");
  const [page] = useQuery("page", "1");
  const [dialog, setDialog] = useQuery("new");
  useTitle(w.title);
  const query = { search, is_active: show !== "archived", page, page_size: SIZE };
  const loaded = useLoad(`patients ${JSON.stringify(query)}`, (signal) => patients.list(query, signal), { kinds: ["patient"], keep: true });
  const rows = loaded.data?.results;
  const mayCreate = user.role === "RECEPTIONIST" || user.role === "ADMIN";
  return (
    <>
      <div class="head">
        <h1>{w.title}</h1>
        <div class="end">{mayCreate ? <Button kind="primary" icon={UserPlus} data-new onClick={() => setDialog("patient")}>{w.newPatient}</Button> : null}</div>
      </div>
      <div class="filters">
        <SearchField label={w.search} value={search} onValue={(value) => setQuery({ search: value, page: "" })} />
        <Select class="auto" aria-label={w.show} value={show} onValue={(value) => { setQuery({ page: "" }); setShow(value); }} choices={[{ value: "", label: w.active }, { value: "archived", label: w.archived }]} />
        {loaded.data ? <span class="count number">{w.count(loaded.data.count)}</span> : null}
      </div>
      {loaded.error ? <LoadError error={loaded.error} onRetry={loaded.reload} /> : null}
      {!rows && !loaded.error ? <div class="card pad"><Skeleton lines={8} /></div> : null}
      {rows && rows.length > 0 ? <Table caption={w.title} rows={rows} columns={columns} stale={loaded.stale} /> : null}
      {rows && rows.length === 0 ? (
        <div class="card">
          {search || show
            ? <Empty icon={SearchX} title={w.emptyFound} action={<Button onClick={() => setSearch("")}>{w.active}</Button>}>{w.emptyFoundText}</Empty>
            : <Empty icon={UsersRound} title={w.empty} action={mayCreate ? <Button icon={UserPlus} onClick={() => setDialog("patient")}>{w.newPatient}</Button> : null}>{w.emptyText}</Empty>}
        </div>
      ) : null}
      {loaded.data ? <Pager page={Number(page) || 1} count={loaded.data.count} size={SIZE} onPage={(next) => setQuery({ page: next === 1 ? "" : String(next) })} /> : null}
      {dialog === "patient" && mayCreate ? <PatientDialog today={now()} onClose={() => setDialog("")} onSaved={(patient) => navigate(`/patients/${patient.id}`, { replace: true })} /> : null}
    </>
  );
}
