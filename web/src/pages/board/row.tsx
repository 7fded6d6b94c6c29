import { CalendarX2, Ellipsis, FileText, Link, ReceiptText, UserPlus, UserRound } from "lucide";
import { useState } from "preact/hooks";
import { sessions } from "../../api/calls.ts";
import { ApiError, explain } from "../../api/errors.ts";
import type { BoardRow, User } from "../../api/types.ts";
import { useAction } from "../../data/use_action.ts";
import { useNow } from "../../data/clinic.ts";
import { board as b } from "../../i18n/board_en.ts";
import { t } from "../../i18n/index.ts";
import { aboutPatient, withTitle } from "../../people/names.ts";
import { navigate } from "../../router/location.ts";
import { clockWords, durationWords, exactWords, stopwatch } from "../../time/words.ts";
import { cityOf } from "../../time/zone.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button, LinkButton } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Menu, type MenuItem } from "../../ui/menu.tsx";
import { toast } from "../../ui/toast.tsx";
import { CancelDialog } from "../sessions/cancel_dialog.tsx";
import { InviteDialog } from "../sessions/invite_dialog.tsx";
import { copyCallLink } from "../sessions/call_link.ts";
import { actionOf, mayCancel, mayInvite } from "./action.ts";
import { groupOf, patientPresence } from "./grouping.ts";
import { marksOf } from "./marks.ts";

interface Props { row: BoardRow; user: User; zone: string; now: Date; changed: boolean }

/** One session of the day: when, who, why, how it stands, and what to do. */
export function Row({ row, user, zone, now, changed }: Props) {
  const { session, patient, visit } = row;
  const [dialog, setDialog] = useState<"" | "cancel" | "invite">("");
  const group = groupOf(row);
  const here = patientPresence(row);
  const doctor = withTitle(session.doctor_display_name || session.doctor_name);
  const items: MenuItem[][] = [
    [
      { label: b.openSession, icon: FileText, href: `/telemedicine/${session.id}` },
      { label: b.openVisit, icon: ReceiptText, href: `/visits/${visit.id}` },
      { label: b.openPatient, icon: UserRound, href: `/patients/${patient.id}` },
    ],
    [
      ...(mayInvite(session, user) ? [{ label: b.invite, icon: UserPlus, onSelect: () => setDialog("invite") }] : []),
      ...(group === "done" ? [] : [{ label: b.copyLink, icon: Link, onSelect: () => void copyCallLink(session.id) }]),
    ],
    mayCancel(session, user) ? [{ label: b.cancel, icon: CalendarX2, danger: true, onSelect: () => setDialog("cancel") }] : [],
  ];
  return (
    <li class={changed ? "changed" : undefined}>
      <span class="when number"><When row={row} zone={zone} now={now} /></span>
      <div class="who">
        <Avatar name={patient.full_name} here={here !== null} />
        <div>
          <b><a href={`/telemedicine/${session.id}`}>{patient.full_name}</a></b>
          <span class="soft number">{[aboutPatient(patient), patient.patient_number].filter(Boolean).join(" · ")}</span>
        </div>
      </div>
      <div class="why">
        <div class="reason">{visit.chief_complaint || b.noReason}</div>
        <span class="faint number">{[group === "waiting" ? b.bookedFor(clockWords(session.scheduled_start, zone)) : "", group === "done" && session.duration_seconds ? durationWords(session.duration_seconds) : "", group === "in_progress" ? b.with(doctor) : doctor].filter(Boolean).join(" · ")}</span>
      </div>
      <div class="state">{marksOf(row, now).map((mark) => <Badge key={mark.text} tone={mark.tone} {...(mark.title ? { title: mark.title } : {})}>{mark.text}</Badge>)}</div>
      <div class="act">
        <Primary row={row} user={user} />
        <Menu label={`${t.common.more}: ${patient.full_name}`} button={<Icon of={Ellipsis} />} groups={items} />
      </div>
      {dialog === "cancel" ? <CancelDialog session={session} onClose={() => setDialog("")} /> : null}
      {dialog === "invite" ? <InviteDialog session={session} onClose={() => setDialog("")} /> : null}
    </li>
  );
}

/** The one button of a row; always in the same place. */
function Primary({ row, user }: { row: BoardRow; user: User }) {
  const { session } = row;
  const start = useAction();
  const action = actionOf(row, user);
  if (action === "open") return <LinkButton href={`/telemedicine/${session.id}`} kind={groupOf(row) === "done" ? "quiet" : "plain"}>{b.open}</LinkButton>;
  if (action === "join") return <LinkButton href={`/telemedicine/${session.id}/call`} kind="primary">{b.join}</LinkButton>;
  const begin = async () => {
    const answer = await start.run(session.id, (key) => sessions.start(session.id, key).catch((error: unknown) => {
      // Begun already, here or in another window: then go in.
      if (error instanceof ApiError && error.status === 409) return sessions.get(session.id).then((now) => { if (now.status === "IN_PROGRESS") return now; throw error; });
      toast(`${b.starting} ${explain(error)}`, { tone: "danger" });
      throw error;
    }));
    if (answer) navigate(`/telemedicine/${session.id}/call`);
  };
  return <Button kind={action === "admit" ? "primary" : "plain"} busy={start.busy} onClick={() => void begin()}>{action === "admit" ? b.admit : b.start}</Button>;
}

function When({ row, zone, now }: { row: BoardRow; zone: string; now: Date }) {
  const { session } = row;
  const here = patientPresence(row);
  const exact = (at: string) => exactWords(at, zone, cityOf(zone));
  switch (groupOf(row)) {
    case "waiting": return here ? <time dateTime={here.since} title={exact(here.since)}>{waitWords((now.getTime() - Date.parse(here.since)) / 1000)}</time> : null;
    case "in_progress": return session.actual_start ? <Running since={session.actual_start} title={exact(session.actual_start)} /> : null;
    default: return <time dateTime={session.scheduled_start} title={exact(session.scheduled_start)}>{clockWords(session.scheduled_start, zone)}</time>;
  }
}

/** A clock that counts on its own, so that the board need not. */
function Running({ since, title }: { since: string; title: string }) {
  const now = useNow(1_000);
  return <time dateTime={since} title={title}>{stopwatch((now.getTime() - Date.parse(since)) / 1000)}</time>;
}

/** The column is as wide as a clock time: the first minute is one short word. */
function waitWords(seconds: number): string {
  return seconds < 60 ? b.justNow : durationWords(seconds);
}
