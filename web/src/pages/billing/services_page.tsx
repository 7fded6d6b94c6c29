import { Plus, SearchX, Tags } from "lucide";
import { billing } from "../../api/calls.ts";
import type { Service } from "../../api/types.ts";
import { useLoad } from "../../data/use_load.ts";
import { billingWords as w } from "../../i18n/billing_en.ts";
import { t } from "../../i18n/index.ts";
import { moneyWords } from "../../money/money.ts";
import { setQuery, useQuery } from "../../router/location.ts";
import { useTitle } from "../../shell/title.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Empty, LoadError, Skeleton } from "../../ui/load_state.tsx";
import { Pager } from "../../ui/pager.tsx";
import { SearchField } from "../../ui/search_field.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { ServiceDialog } from "./service_dialog.tsx";

const SIZE = 25;

/** What the clinic charges for; an administrator sets names and prices. */
export default function ServicesPage() {
  const [search, setSearch] = useQuery("search");
  const [page] = useQuery("page", "1");
  const [dialog, setDialog] = useQuery("edit");
  useTitle(w.services);
  const query = { search, page, page_size: SIZE };
  const loaded = useLoad(`services ${JSON.stringify(query)}`, (signal) => billing.services(query, signal), { keep: true });
  const rows = loaded.data?.results;
  const chosen = rows?.find((one) => String(one.id) === dialog);
  const columns: Column<Service>[] = [
    { key: "name", title: w.serviceColumns.name, main: true, cell: (one) => <><b>{one.name}</b><span class="faint number">{one.service_code}</span></> },
    { key: "department", title: w.serviceColumns.department, cell: (one) => t.fieldName(one.department.toLowerCase()) },
    { key: "amount", title: w.serviceColumns.amount, figure: true, cell: (one) => moneyWords(one.amount, one.currency) },
    { key: "state", title: w.serviceColumns.state, cell: (one) => <Badge tone={one.is_active ? "good" : "plain"}>{one.is_active ? w.active : w.inactive}</Badge> },
    { key: "edit", title: t.common.actions, quietTitle: true, bare: true, figure: true, cell: (one) => <Button class="above" aria-label={`${t.common.edit}: ${one.name}`} onClick={() => setDialog(String(one.id))}>{t.common.edit}</Button> },
  ];
  return (
    <>
      <div class="head">
        <h1>{w.services}</h1>
        <div class="end"><Button kind="primary" icon={Plus} data-new onClick={() => setDialog("new")}>{w.newService}</Button></div>
      </div>
      <div class="filters"><SearchField label={w.servicesSearch} value={search} onValue={(value) => setQuery({ search: value, page: "" })} /></div>
      {loaded.error ? <LoadError error={loaded.error} onRetry={loaded.reload} /> : null}
      {!rows && !loaded.error ? <div class="card pad"><Skeleton lines={6} /></div> : null}
      {rows && rows.length > 0 ? <Table caption={w.services} rows={rows} columns={columns} stale={loaded.stale} /> : null}
      {rows && rows.length === 0 ? <div class="card">{search ? <Empty icon={SearchX} title={w.noService} action={<Button onClick={() => setSearch("")}>{w.services}</Button>} /> : <Empty icon={Tags} title={w.noServices}>{w.noServicesText}</Empty>}</div> : null}
      {loaded.data ? <Pager page={Number(page) || 1} count={loaded.data.count} size={SIZE} onPage={(next) => setQuery({ page: next === 1 ? "" : String(next) })} /> : null}
      {dialog === "new" || chosen ? <ServiceDialog key={dialog} {...(chosen ? { service: chosen } : {})} onClose={() => setDialog("")} onSaved={() => { setDialog(""); loaded.reload(); }} /> : null}
    </>
  );
}
