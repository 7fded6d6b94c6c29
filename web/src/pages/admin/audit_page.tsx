import { ScrollText } from "lucide";
import { accounts } from "../../api/calls.ts";
import type { AuditEntry } from "../../api/types.ts";
import { useLoad } from "../../data/use_load.ts";
import { adminWords as w } from "../../i18n/admin_en.ts";
import { t } from "../../i18n/index.ts";
import { setQuery, useQuery } from "../../router/location.ts";
import { useTitle } from "../../shell/title.ts";
import { Select } from "../../ui/field.tsx";
import { Empty, LoadError, Skeleton } from "../../ui/load_state.tsx";
import { Pager } from "../../ui/pager.tsx";
import { SearchField } from "../../ui/search_field.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import "./audit.css";

const SIZE = 50;
const ENTITIES = ["session", "visit", "patient", "appointment", "payment", "charge", "service", "account"];

const columns: Column<AuditEntry>[] = [
  { key: "at", title: w.auditColumns.at, main: true, cell: (entry) => <span class="number"><Time at={entry.at} /></span> },
  { key: "actor", title: w.auditColumns.actor, cell: (entry) => entry.actor_name || w.nobody },
  { key: "action", title: w.auditColumns.action, cell: (entry) => <code>{entry.action}</code> },
  { key: "entity", title: w.auditColumns.entity, cell: (entry) => [entry.entity, entry.entity_id].filter((part) => part !== null && part !== "").join(" ") },
  { key: "detail", title: w.auditColumns.detail, bare: true, cell: (entry) => <span class="soft">{entry.detail}</span> },
  { key: "address", title: w.auditColumns.address, cell: (entry) => <span class="number soft">{entry.address}</span> },
];

/** Who saw and changed what. */
export default function AuditPage() {
  const [entity, setEntity] = useQuery("entity");
  const [entityId, setEntityId] = useQuery("entity_id");
  const [page] = useQuery("page", "1");
  useTitle(w.audit);
  const query = { entity, entity_id: /^\d+$/.test(entityId) ? entityId : "", page, page_size: SIZE };
  const loaded = useLoad(`audit ${JSON.stringify(query)}`, (signal) => accounts.audit(query, signal), { keep: true });
  const rows = loaded.data?.results;
  return (
    <>
      <div class="head"><div><h1>{w.audit}</h1><span class="sub">{w.auditIntro}</span></div></div>
      <div class="filters">
        <Select class="auto" aria-label={w.entity} value={entity} onValue={(value) => { setQuery({ page: "" }); setEntity(value); }} choices={[{ value: "", label: w.allEntities }, ...ENTITIES.map((value) => ({ value, label: t.fieldName(value) }))]} />
        <SearchField label={w.entityId} value={entityId} onValue={(value) => { setQuery({ page: "" }); setEntityId(value); }} />
      </div>
      {loaded.error ? <LoadError error={loaded.error} onRetry={loaded.reload} /> : null}
      {!rows && !loaded.error ? <div class="card pad"><Skeleton lines={10} /></div> : null}
      {rows && rows.length > 0 ? <Table caption={w.audit} rows={rows} columns={columns} stale={loaded.stale} /> : null}
      {rows && rows.length === 0 ? <div class="card"><Empty icon={ScrollText} title={w.auditEmpty} /></div> : null}
      {loaded.data ? <Pager page={Number(page) || 1} count={loaded.data.count} size={SIZE} onPage={(next) => setQuery({ page: next === 1 ? "" : String(next) })} /> : null}
    </>
  );
}
