import { SearchX, WalletCards } from "lucide";
import { billing } from "../../api/calls.ts";
import type { PendingVisit, User } from "../../api/types.ts";
import { useLoad } from "../../data/use_load.ts";
import { billingWords as w } from "../../i18n/billing_en.ts";
import { t } from "../../i18n/index.ts";
import { amountWords, moneyWords } from "../../money/money.ts";
import { setQuery, useQuery } from "../../router/location.ts";
import { useTitle } from "../../shell/title.ts";
import { Button } from "../../ui/button.tsx";
import { Empty, LoadError, Skeleton } from "../../ui/load_state.tsx";
import { Pager } from "../../ui/pager.tsx";
import { SearchField } from "../../ui/search_field.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { PaymentDialog } from "./payment_dialog.tsx";

const SIZE = 25;

/** Reception's queue of what is still to be paid, oldest first. */
export default function BillingPage({ user }: { user: User }) {
  const [search, setSearch] = useQuery("search");
  const [page] = useQuery("page", "1");
  const [paying, setPaying] = useQuery("pay");
  useTitle(w.title);
  const query = { search, page, page_size: SIZE };
  const loaded = useLoad(`pending ${JSON.stringify(query)}`, (signal) => billing.pending(query, signal), { kinds: ["visit", "session"], keep: true });
  const rows = loaded.data?.results;
  const mayTake = user.role === "RECEPTIONIST";
  const visit = rows?.find((one) => String(one.id) === paying);
  const columns: Column<PendingVisit>[] = [
    { key: "patient", title: w.columns.patient, main: true, keep: true, cell: (one) => <><a class="stretch" href={`/visits/${one.id}`}>{one.patient_name}</a><span class="faint number">{one.patient_number}</span></> },
    { key: "reason", title: w.columns.reason, bare: true, cell: (one) => one.chief_complaint },
    { key: "since", title: w.columns.since, cell: (one) => <span class="number"><Time at={one.created_at} /></span> },
    { key: "charged", title: w.columns.charged, figure: true, cell: (one) => amountWords(one.total_charges) },
    { key: "paid", title: w.columns.paid, figure: true, cell: (one) => amountWords(one.total_payments) },
    { key: "due", title: w.columns.due, figure: true, cell: (one) => <b>{moneyWords(one.outstanding_balance, one.currency)}</b> },
    ...(mayTake ? [{ key: "take", title: t.common.actions, quietTitle: true, bare: true, figure: true, cell: (one: PendingVisit) => <Button class="above" onClick={() => setPaying(String(one.id))}>{w.take}</Button> }] : []),
  ];
  return (
    <>
      <div class="head"><h1>{w.title}</h1></div>
      <div class="filters">
        <SearchField label={w.search} value={search} onValue={(value) => setQuery({ search: value, page: "" })} />
        {loaded.data ? <span class="count number">{w.count(loaded.data.count)}</span> : null}
      </div>
      {loaded.error ? <LoadError error={loaded.error} onRetry={loaded.reload} /> : null}
      {!rows && !loaded.error ? <div class="card pad"><Skeleton lines={8} /></div> : null}
      {rows && rows.length > 0 ? <Table caption={w.title} rows={rows} columns={columns} stale={loaded.stale} /> : null}
      {rows && rows.length === 0 ? (
        <div class="card">
          {search ? <Empty icon={SearchX} title={w.emptyFound} action={<Button onClick={() => setSearch("")}>{w.title}</Button>}>{w.emptyFoundText}</Empty> : <Empty icon={WalletCards} title={w.empty}>{w.emptyText}</Empty>}
        </div>
      ) : null}
      {loaded.data ? <Pager page={Number(page) || 1} count={loaded.data.count} size={SIZE} onPage={(next) => setQuery({ page: next === 1 ? "" : String(next) })} /> : null}
      {visit && mayTake ? <PaymentDialog key={visit.id} visit={visit} onClose={() => setPaying("")} onPaid={loaded.reload} /> : null}
    </>
  );
}
