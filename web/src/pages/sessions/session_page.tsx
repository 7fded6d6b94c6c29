import { CalendarX2, Ellipsis, Link, UserPlus, Video } from "lucide";
import { useState } from "preact/hooks";
import { patients, sessions, visits } from "../../api/calls.ts";
import { explain } from "../../api/errors.ts";
import type { Session, User } from "../../api/types.ts";
import { now, useInfo, useZone } from "../../data/clinic.ts";
import { useLoad } from "../../data/use_load.ts";
import { board as b } from "../../i18n/board_en.ts";
import { sessionWords as w } from "../../i18n/sessions_en.ts";
import { t } from "../../i18n/index.ts";
import { isDue, moneyWords } from "../../money/money.ts";
import { aboutPatient, withTitle } from "../../people/names.ts";
import { useQuery } from "../../router/location.ts";
import { useTitle } from "../../shell/title.ts";
import { clockWords, dayWords, durationWords } from "../../time/words.ts";
import { dayOf } from "../../time/zone.ts";
import { Badge } from "../../ui/badge.tsx";
import { LinkButton } from "../../ui/button.tsx";
import { fact, Facts } from "../../ui/facts.tsx";
import { Icon } from "../../ui/icon.tsx";
import { LoadError, Skeleton } from "../../ui/load_state.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Tabs, type Tab } from "../../ui/tabs.tsx";
import { mayCancel, mayInvite } from "../board/action.ts";
import { SessionBadge } from "../visits/badges.tsx";
import "../visits/bill.css";
import { BillTab } from "./bill_tab.tsx";
import { copyCallLink } from "./call_link.ts";
import { CancelDialog } from "./cancel_dialog.tsx";
import { InviteDialog } from "./invite_dialog.tsx";
import { RecordingTab, TranscriptTab } from "./media_tabs.tsx";
import { NotesTab } from "./notes_tab.tsx";
import { TimelineTab } from "./timeline_tab.tsx";

/** Everything about one session: facts beside notes, recording, transcript, what happened and the bill. */
export default function SessionPage({ id, user }: { id: number; user: User }) {
  const loaded = useLoad(`session ${id}`, (signal) => sessions.get(id, signal), { kinds: ["session", "visit"] });
  const session = loaded.data;
  useTitle(session ? w.title(session.patient_name) : "");
  if (!session) return loaded.error ? <LoadError error={loaded.error} onRetry={loaded.reload} /> : <PageSkeleton />;
  return <Loaded session={session} user={user} onChange={loaded.set} />;
}

function Loaded({ session, user, onChange }: { session: Session; user: User; onChange: (session: Session) => void }) {
  const info = useInfo();
  const zone = useZone();
  const [dialog, setDialog] = useState<"" | "cancel" | "invite">("");
  const [tab, setTab] = useQuery("tab");
  const isDoctor = user.role === "DOCTOR" && user.id === session.doctor;
  const running = session.status === "SCHEDULED" || session.status === "IN_PROGRESS";
  const mayJoin = running && (isDoctor || session.participants.some((one) => one.user === user.id) || (user.role === "PATIENT"));

  const tabs: Tab[] = [
    // The server gives notes and transcript to the doctor and the patient of the session only; to everybody else they would look empty.
    ...(isDoctor ? [{ key: "notes", label: w.tabs.notes, body: () => <NotesTab session={session} /> }] : []),
    ...(user.role === "PATIENT" ? [{ key: "notes", label: w.tabs.notes, body: () => <p class={session.notes ? "prose" : "soft"}>{session.notes || w.notesNone}</p> }] : []),
    ...(user.role === "PATIENT" ? [] : [{ key: "timeline", label: w.tabs.timeline, body: () => <TimelineTab id={session.id} /> }]),
    { key: "bill", label: w.tabs.bill, body: () => <BillTab session={session} user={user} /> },
    ...(info ? [{ key: "recording", label: w.tabs.recording, body: () => <RecordingTab session={session} info={info} /> }] : []),
    ...(info && (isDoctor || user.role === "PATIENT") ? [{ key: "transcript", label: w.tabs.transcript, body: () => <TranscriptTab session={session} info={info} mayAsk={isDoctor} onChange={onChange} /> }] : []),
  ];
  const order = ["notes", "recording", "transcript", "timeline", "bill"];
  tabs.sort((one, other) => order.indexOf(one.key) - order.indexOf(other.key));

  const joinWord = session.status === "IN_PROGRESS" ? w.join : isDoctor ? w.startNow : w.prepare;
  return (
    <>
      <div class="head">
        <div>
          <h1>{session.patient_name}</h1>
          <span class="sub number">{subtitle(session, zone)}</span>
        </div>
        <div class="end">
          {mayJoin ? <LinkButton kind="primary" icon={Video} href={`/telemedicine/${session.id}/call`}>{joinWord}</LinkButton> : null}
          {running ? (
            <Menu
              label={t.common.more}
              button={<Icon of={Ellipsis} />}
              groups={[
                [
                  ...(mayInvite(session, user) ? [{ label: b.invite, icon: UserPlus, onSelect: () => setDialog("invite") }] : []),
                  { label: b.copyLink, icon: Link, onSelect: () => void copyCallLink(session.id) },
                ],
                mayCancel(session, user) ? [{ label: b.cancel, icon: CalendarX2, danger: true, onSelect: () => setDialog("cancel") }] : [],
              ]}
            />
          ) : null}
        </div>
      </div>
      <div class="two">
        <aside class="card pad" aria-label={w.tabsLabel}><SessionFacts session={session} user={user} /></aside>
        <section class="card pad"><Tabs label={w.tabsLabel} tabs={tabs} open={tab} onOpen={setTab} /></section>
      </div>
      {dialog === "cancel" ? <CancelDialog session={session} onClose={() => setDialog("")} onCancelled={onChange} /> : null}
      {dialog === "invite" ? <InviteDialog session={session} onClose={() => setDialog("")} /> : null}
    </>
  );
}

/** "Sunday 22 November, 14:15 to 14:37 · 22 min · Dr Amina Wanjiru". */
function subtitle(session: Session, zone: string): string {
  const from = session.actual_start ?? session.scheduled_start;
  const day = dayWords(dayOf(new Date(from), zone), dayOf(now(), zone));
  const clock = clockWords(from, zone);
  const when = session.actual_end && session.actual_start ? w.fromTo(day, clock, clockWords(session.actual_end, zone)) : w.from(day, clock);
  return [when, session.duration_seconds ? durationWords(session.duration_seconds) : "", withTitle(session.doctor_display_name || session.doctor_name)].filter(Boolean).join(" · ");
}

function SessionFacts({ session, user }: { session: Session; user: User }) {
  const info = useInfo();
  const patient = useLoad(`patient ${session.patient}`, (signal) => patients.get(session.patient, signal), { kinds: ["patient"] });
  const visit = useLoad(`visit ${session.visit}`, (signal) => visits.get(session.visit, signal), { kinds: ["visit"] });
  const staff = user.role !== "PATIENT";
  const about = patient.data ? aboutPatient(patient.data) : "";
  const recording = !session.recording_enabled ? w.recordingFacts.off : info?.recording_available ? w.recordingFacts.wanted : w.recordingFacts.cannot;
  return (
    <Facts
      items={[
        fact(w.state, <><SessionBadge status={session.status} />{session.error_message ? <div class="faint">{session.error_message}</div> : null}</>),
        fact(w.patient, <>{staff ? <a href={`/patients/${session.patient}`}>{session.patient_name}</a> : session.patient_name}{about ? `, ${about}` : ""}</>),
        fact(w.reasonFact, visit.data?.chief_complaint || (visit.error ? explain(visit.error) : " ")),
        staff ? fact(w.visitFact, <a href={`/visits/${session.visit}`}>{t.visitTypes[visit.data?.visit_type ?? "CONSULTATION"]}, {t.visitStates[visit.data?.status ?? "OPEN"].toLowerCase()}</a>) : null,
        [session.actual_start ? w.heldOn : w.willBeHeldOn, <>{w.providers[session.provider] ?? session.provider}{session.provider_fallback_reason ? <div class="faint">{session.provider_fallback_reason}</div> : null}</>],
        fact(w.recordingFact, recording),
        fact(w.people, session.participants.length === 0 ? w.nobodyYet : <ul class="people">{session.participants.map((one) => <li key={one.id}>{one.display_name} <span class="faint">{one.is_present ? w.presentNow : one.joined_at ? w.wasThere : w.notThere}</span></li>)}</ul>),
        fact(w.bill, session.billing ? <span class="number">{moneyWords(session.billing.amount, session.billing.currency)} {visit.data && isDue(visit.data.outstanding_balance) ? <Badge tone="attention">{b.paymentDue}</Badge> : null}</span> : b.notBilled),
      ]}
    />
  );
}

function PageSkeleton() {
  return <><div class="head"><h1> </h1></div><div class="two"><div class="card pad"><Skeleton lines={7} /></div><div class="card pad"><Skeleton lines={5} /></div></div></>;
}
