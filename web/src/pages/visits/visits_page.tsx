import { ClipboardList, Plus, SearchX } from "lucide";
import { accounts, visits } from "../../api/calls.ts";
import type { User, Visit } from "../../api/types.ts";
import { useLoad } from "../../data/use_load.ts";
import { visitWords as v } from "../../i18n/visits_en.ts";
import { t } from "../../i18n/index.ts";
import { isDue, moneyWords } from "../../money/money.ts";
import { withTitle } from "../../people/names.ts";
import { navigate, setQuery, useQuery } from "../../router/location.ts";
import { useTitle } from "../../shell/title.ts";
import { Button } from "../../ui/button.tsx";
import { Select } from "../../ui/field.tsx";
import { Empty, LoadError, Skeleton } from "../../ui/load_state.tsx";
import { Pager } from "../../ui/pager.tsx";
import { SearchField } from "../../ui/search_field.tsx";
import { Table } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { PaymentBadge, VisitBadge } from "./badges.tsx";
import { NewVisitDialog } from "./new_visit_dialog.tsx";

const SIZE = 25;

/** All visits, newest first, with search and filters in the address. */
export default function VisitsPage({ user }: { user: User }) {
  const [search, setSearch] = useQuery("search");
  const [status, setStatus] = useQuery("status");
  const [payment, setPayment] = useQuery("payment");
  const [doctor, setDoctor] = useQuery("doctor");
  const [page] = useQuery("page", "1");
  const [dialog, setDialog] = useQuery("new");
  useTitle(v.title);
  const doctors = useLoad("doctors", (signal) => accounts.doctors(signal));
  const query = { search, status, payment_status: payment, doctor, page, page_size: SIZE };
  const loaded = useLoad(`visits ${JSON.stringify(query)}`, (signal) => visits.list(query, signal), { kinds: ["visit", "patient"], keep: true });
  const rows = loaded.data?.results;
  const filtered = search !== "" || status !== "" || payment !== "" || doctor !== "";
  const mayCreate = user.role === "RECEPTIONIST" || user.role === "ADMIN" || user.role === "DOCTOR";
  const first = (set: (value: string) => void) => (value: string) => { setQuery({ page: "" }); set(value); };
  return (
    <>
      <div class="head">
        <h1>{v.title}</h1>
        <div class="end">{mayCreate ? <Button kind="primary" icon={Plus} data-new onClick={() => setDialog("visit")}>{v.newVisit}</Button> : null}</div>
      </div>
      <div class="filters">
        <SearchField label={v.search} value={search} onValue={first(setSearch)} />
        <Select class="auto" aria-label={v.status} value={status} onValue={first(setStatus)} choices={[{ value: "", label: v.allStates }, ...Object.entries(t.visitStates).map(([value, label]) => ({ value, label }))]} />
        <Select class="auto" aria-label={v.payment} value={payment} onValue={first(setPayment)} choices={[{ value: "", label: v.allPayments }, ...Object.entries(t.paymentStates).map(([value, label]) => ({ value, label }))]} />
        <Select class="auto" aria-label={v.doctor} value={doctor} onValue={first(setDoctor)} choices={[{ value: "", label: v.allDoctors }, ...(doctors.data ?? []).map((one) => ({ value: String(one.id), label: one.full_name }))]} />
        {loaded.data ? <span class="count number">{v.count(loaded.data.count)}</span> : null}
      </div>
      {loaded.error ? <LoadError error={loaded.error} onRetry={loaded.reload} /> : null}
      {!rows && !loaded.error ? <div class="card pad"><Skeleton lines={8} /></div> : null}
      {rows && rows.length > 0 ? <VisitTable visits={rows} stale={loaded.stale} /> : null}
      {rows && rows.length === 0 ? (
        <div class="card">
          {filtered
            ? <Empty icon={SearchX} title={v.emptyFiltered} action={<Button onClick={() => setQuery({ search: "", status: "", payment: "", doctor: "", page: "" })}>{v.showAll}</Button>}>{v.emptyFilteredText}</Empty>
            : <Empty icon={ClipboardList} title={v.empty} action={mayCreate ? <Button icon={Plus} onClick={() => setDialog("visit")}>{v.newVisit}</Button> : null}>{v.emptyText}</Empty>}
        </div>
      ) : null}
      {loaded.data ? <Pager page={Number(page) || 1} count={loaded.data.count} size={SIZE} onPage={(next) => setQuery({ page: next === 1 ? "" : String(next) })} /> : null}
      {dialog === "visit" && mayCreate ? <NewVisitDialog user={user} onClose={() => setQuery({ new: "", patient: "", appointment: "" })} onCreated={(visit) => navigate(`/visits/${visit.id}`, { replace: true })} /> : null}
    </>
  );
}

/** Visits as rows that lead to their pages. Without the patient's name on the patient's own page. */
export function VisitTable({ visits: rows, stale = false, ofPatient = false }: { visits: readonly Visit[]; stale?: boolean; ofPatient?: boolean }) {
  const reason = { key: "reason", title: v.columns.reason, cell: (visit: Visit) => visit.chief_complaint || v.noReason };
  return (
    <Table
      caption={v.title}
      rows={rows}
      stale={stale}
      columns={[
        ...(ofPatient
          ? [{ ...reason, main: true, cell: (visit: Visit) => <a class="stretch" href={`/visits/${visit.id}`}>{visit.chief_complaint || t.visitTypes[visit.visit_type]}</a> }]
          : [{ key: "patient", title: v.columns.patient, main: true, keep: true, cell: (visit: Visit) => <><a class="stretch" href={`/visits/${visit.id}`}>{visit.patient_name}</a><span class="faint number">{visit.patient_number}</span></> }, { ...reason, bare: true }]),
        { key: "doctor", title: v.columns.doctor, keep: true, cell: (visit) => (visit.assigned_doctor_name ? withTitle(visit.assigned_doctor_name) : <span class="soft">{v.noDoctor}</span>) },
        { key: "opened", title: v.columns.opened, cell: (visit) => <span class="number"><Time at={visit.created_at} /></span> },
        { key: "state", title: v.columns.state, cell: (visit) => <VisitBadge status={visit.status} /> },
        { key: "payment", title: v.columns.payment, cell: (visit) => <PaymentBadge status={visit.payment_status} balance={visit.outstanding_balance} /> },
        { key: "balance", title: v.columns.balance, figure: true, cell: (visit) => (isDue(visit.outstanding_balance) ? moneyWords(visit.outstanding_balance, visit.currency) : "0.00") },
      ]}
    />
  );
}
