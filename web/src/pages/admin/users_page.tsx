import { Ellipsis, KeyRound, Pencil, Power, SearchX, UserPlus } from "lucide";
import { useState } from "preact/hooks";
import { accounts } from "../../api/calls.ts";
import { explain } from "../../api/errors.ts";
import type { User } from "../../api/types.ts";
import { useLoad } from "../../data/use_load.ts";
import { adminWords as w } from "../../i18n/admin_en.ts";
import { t } from "../../i18n/index.ts";
import { fullName } from "../../people/names.ts";
import { setQuery, useQuery } from "../../router/location.ts";
import { useTitle } from "../../shell/title.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Select } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Empty, LoadError, Skeleton } from "../../ui/load_state.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Pager } from "../../ui/pager.tsx";
import { SearchField } from "../../ui/search_field.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { toast } from "../../ui/toast.tsx";
import { PasswordDialog, UserDialog } from "./user_dialogs.tsx";

const SIZE = 25;

/** The accounts of the clinic. */
export default function UsersPage({ user: me }: { user: User }) {
  const [search, setSearch] = useQuery("search");
  const [role, setRole] = useQuery("role");
  const [page] = useQuery("page", "1");
  const [dialog, setDialog] = useState<{ what: "new" } | { what: "edit" | "password"; user: User } | null>(null);
  useTitle(w.users);
  const query = { search, role, page, page_size: SIZE };
  const loaded = useLoad(`users ${JSON.stringify(query)}`, (signal) => accounts.list(query, signal), { keep: true });
  const rows = loaded.data?.results;
  const turn = async (one: User, is_active: boolean) => {
    try {
      await accounts.change(one.id, { is_active });
      loaded.reload();
      toast(is_active ? w.switchedOn(fullName(one)) : w.switchedOff(fullName(one)), { action: { label: t.common.undo, run: () => void turn(one, !is_active) } });
    } catch (error) {
      toast(explain(error), { tone: "danger" });
    }
  };
  const columns: Column<User>[] = [
    { key: "name", title: w.columns.name, main: true, cell: (one) => <><b>{fullName(one)}</b><span class="faint">{one.username}{one.specialization ? ` · ${one.specialization}` : ""}</span></> },
    { key: "role", title: w.columns.role, cell: (one) => t.roles[one.role] ?? one.role },
    { key: "email", title: w.columns.email, cell: (one) => one.email },
    { key: "state", title: w.columns.state, cell: (one) => <Badge tone={one.is_active ? "good" : "plain"}>{one.is_active ? w.active : w.inactive}</Badge> },
    {
      key: "acts", title: t.common.actions, quietTitle: true, bare: true, figure: true, cell: (one) => (
        <span class="row acts">
          <Button icon={Pencil} onClick={() => setDialog({ what: "edit", user: one })}>{w.edit}</Button>
          <Menu
            label={`${t.common.more}: ${fullName(one)}`}
            button={<Icon of={Ellipsis} />}
            groups={[
              [{ label: w.setPassword, icon: KeyRound, onSelect: () => setDialog({ what: "password", user: one }) }],
              one.id === me.id ? [] : [{ label: one.is_active ? w.switchOff : w.switchOn, icon: Power, danger: one.is_active, onSelect: () => void turn(one, !one.is_active) }],
            ]}
          />
        </span>
      ),
    },
  ];
  return (
    <>
      <div class="head">
        <h1>{w.users}</h1>
        <div class="end"><Button kind="primary" icon={UserPlus} data-new onClick={() => setDialog({ what: "new" })}>{w.newUser}</Button></div>
      </div>
      <div class="filters">
        <SearchField label={w.search} value={search} onValue={(value) => setQuery({ search: value, page: "" })} />
        <Select class="auto" aria-label={w.role} value={role} onValue={(value) => { setQuery({ page: "" }); setRole(value); }} choices={[{ value: "", label: w.allRoles }, ...Object.entries(t.roles).map(([value, label]) => ({ value, label }))]} />
        {loaded.data ? <span class="count number">{w.count(loaded.data.count)}</span> : null}
      </div>
      {loaded.error ? <LoadError error={loaded.error} onRetry={loaded.reload} /> : null}
      {!rows && !loaded.error ? <div class="card pad"><Skeleton lines={8} /></div> : null}
      {rows && rows.length > 0 ? <Table caption={w.users} rows={rows} columns={columns} stale={loaded.stale} /> : null}
      {rows && rows.length === 0 ? <div class="card"><Empty icon={SearchX} title={w.emptyFound} action={<Button onClick={() => { setQuery({ role: "" }); setSearch(""); }}>{w.showAll}</Button>} /></div> : null}
      {loaded.data ? <Pager page={Number(page) || 1} count={loaded.data.count} size={SIZE} onPage={(next) => setQuery({ page: next === 1 ? "" : String(next) })} /> : null}
      {dialog?.what === "new" ? <UserDialog onClose={() => setDialog(null)} onSaved={loaded.reload} /> : null}
      {dialog?.what === "edit" ? <UserDialog user={dialog.user} self={dialog.user.id === me.id} onClose={() => setDialog(null)} onSaved={loaded.reload} /> : null}
      {dialog?.what === "password" ? <PasswordDialog user={dialog.user} onClose={() => setDialog(null)} /> : null}
    </>
  );
}
