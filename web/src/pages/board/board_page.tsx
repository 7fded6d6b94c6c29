import { CalendarDays, ChevronLeft, ChevronRight, ListFilter, Plus } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { accounts, sessions } from "../../api/calls.ts";
import type { Board, User } from "../../api/types.ts";
import { learnNow, useInfo, useNow } from "../../data/clinic.ts";
import { useLoad } from "../../data/use_load.ts";
import { board as b } from "../../i18n/board_en.ts";
import { setQuery, useQuery } from "../../router/location.ts";
import { useTitle } from "../../shell/title.ts";
import { dayWords } from "../../time/words.ts";
import { addDays, dayOf } from "../../time/zone.ts";
import { Button } from "../../ui/button.tsx";
import { Select } from "../../ui/field.tsx";
import { Empty, LoadError, Skeleton } from "../../ui/load_state.tsx";
import { NewSessionDialog } from "../sessions/new_session_dialog.tsx";
import { Figures } from "./figures.tsx";
import { changedSince, grouped, groupOf, GROUPS, type Group } from "./grouping.ts";
import { Row } from "./row.tsx";
import "./board.css";

/** How long a row that came or moved is marked. */
const MARK_MS = 6_000;

/** The board of the day: who waits, who is in a call, who comes, who was. It keeps itself up to date. */
export default function BoardPage({ user }: { user: User }) {
  const info = useInfo();
  const zone = info?.time_zone ?? "UTC";
  const now = useNow(10_000);
  const today = dayOf(now, zone);
  const [chosen, setDate] = useQuery("date");
  const date = /^\d{4}-\d{2}-\d{2}$/.test(chosen) ? chosen : today;
  const [doctor, setDoctor] = useQuery("doctor", "all");
  const [state, setState] = useQuery("state", "all");
  const [dialog, setDialog] = useQuery("new");
  const isDoctor = user.role === "DOCTOR";
  const mayCreate = isDoctor || user.role === "RECEPTIONIST" || user.role === "ADMIN";

  const loaded = useLoad<Board>(
    `board ${date} ${doctor}`,
    async (signal) => {
      const board = await sessions.board({ date, ...(isDoctor ? {} : { doctor }) }, signal);
      learnNow(board.now);
      return board;
    },
    { kinds: ["session", "visit", "patient"], keep: true },
  );
  const doctors = useLoad(isDoctor ? null : "doctors", (signal) => accounts.doctors(signal));
  const board = loaded.data;
  const changed = useChanged(board && !loaded.stale ? board : undefined);
  const groups = grouped(board?.rows ?? []);
  useTitle(groups.waiting.length > 0 && date === today ? b.titleWaiting(groups.waiting.length, dayWords(date, today)) : dayWords(date, today));

  const shown = GROUPS.filter((group) => (state === "all" || state === group) && groups[group].length > 0);
  const filtered = state !== "all" || (!isDoctor && doctor !== "all");
  const names: Record<Group, string> = { ...b.groups, later: date === today ? b.laterToday : date > today ? b.planned : b.notStarted };
  const newButton = mayCreate ? <Button kind="primary" icon={Plus} data-new onClick={() => setDialog("session")}>{b.newSession}</Button> : null;

  return (
    <>
      <div class="head">
        <h1 class="board-day">{dayWords(date, today)}</h1>
        <div class="row day-arrows">
          <Button kind="quiet" icon={ChevronLeft} label={b.dayBefore} onClick={() => setDate(addDays(date, -1) === today ? "" : addDays(date, -1))} />
          <Button kind="quiet" disabled={date === today} onClick={() => setDate("")}>{b.today}</Button>
          <Button kind="quiet" icon={ChevronRight} label={b.dayAfter} onClick={() => setDate(addDays(date, 1) === today ? "" : addDays(date, 1))} />
        </div>
        <div class="end">
          {isDoctor ? null : <Select class="auto" aria-label={b.doctor} value={doctor} onValue={setDoctor} choices={[{ value: "all", label: b.allDoctors }, ...(doctors.data ?? []).map((one) => ({ value: String(one.id), label: one.full_name }))]} />}
          <Select class="auto" aria-label={b.state} value={state} onValue={setState} choices={Object.entries(b.states).map(([value, label]) => ({ value, label }))} />
          {newButton}
        </div>
      </div>
      {loaded.error && !board ? <LoadError error={loaded.error} onRetry={loaded.reload} /> : null}
      {board ? <Figures board={board} currency={info?.currency ?? ""} now={now} /> : loaded.error ? null : <FiguresSkeleton />}
      {loaded.error && board ? <LoadError error={loaded.error} onRetry={loaded.reload} /> : null}
      {!board && !loaded.error ? <div class="card board-skeleton"><Skeleton rows lines={4} /></div> : null}
      <div class={loaded.stale ? "stale" : undefined}>
        {shown.map((group) => (
          <section key={group} class={`group ${group}`} aria-labelledby={`group-${group}`}>
            <h2 id={`group-${group}`}>{names[group]} <span class="count">{groups[group].length}</span></h2>
            <ul class="rows card">{groups[group].map((row) => <Row key={row.session.id} row={row} user={user} zone={zone} now={now} changed={changed.has(row.session.id)} />)}</ul>
          </section>
        ))}
      </div>
      {board && shown.length === 0 ? (
        <div class="card">
          {filtered
            ? <Empty icon={ListFilter} title={b.emptyFiltered} action={<Button onClick={() => setQuery({ state: "", doctor: "" })}>{b.showAll}</Button>} />
            : <Empty icon={CalendarDays} title={date === today ? b.emptyToday : b.emptyDay} action={mayCreate ? <Button icon={Plus} onClick={() => setDialog("session")}>{b.newSession}</Button> : null}>{mayCreate ? b.emptyDoctor : b.emptyStaff}</Empty>}
        </div>
      ) : null}
      {dialog === "session" && mayCreate ? <NewSessionDialog user={user} onClose={() => setQuery({ new: "", visit: "" })} onCreated={() => { setQuery({ new: "", visit: "" }); loaded.reload(); }} /> : null}
    </>
  );
}

function FiguresSkeleton() {
  return <div class="figures" aria-hidden="true">{["a", "b", "c", "d"].map((one) => <div key={one} class="card"><span class="figure-blank" /></div>)}</div>;
}

/** Which rows came or moved lately. A change of day or doctor is another board, not a change. */
function useChanged(board: Board | undefined): ReadonlySet<number> {
  const before = useRef<{ of: string; groups: Map<number, Group> } | null>(null);
  const [changed, setChanged] = useState<ReadonlySet<number>>(new Set());
  useEffect(() => {
    if (!board) return;
    const of = board.date + location.search;
    const fresh = changedSince(before.current?.of === of ? before.current.groups : null, board.rows);
    before.current = { of, groups: new Map(board.rows.map((row) => [row.session.id, groupOf(row)])) };
    if (fresh.size === 0) return;
    setChanged(fresh);
    const timer = setTimeout(() => setChanged(new Set()), MARK_MS);
    return () => clearTimeout(timer);
  }, [board]);
  return changed;
}
