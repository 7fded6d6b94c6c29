import { CalendarClock, Video } from "lucide";
import { sessions, visits } from "../../api/calls.ts";
import type { Session, User, Visit } from "../../api/types.ts";
import { useInfo, useNow, useZone } from "../../data/clinic.ts";
import { useLoad } from "../../data/use_load.ts";
import { homeWords as w } from "../../i18n/home_en.ts";
import { t } from "../../i18n/index.ts";
import { isDue, moneyWords } from "../../money/money.ts";
import { withTitle } from "../../people/names.ts";
import { useTitle } from "../../shell/title.ts";
import { clockWords, durationWords, untilWords, whenWords } from "../../time/words.ts";
import { cityOf, sameTime } from "../../time/zone.ts";
import { LinkButton } from "../../ui/button.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Empty, LoadError, Skeleton } from "../../ui/load_state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Time } from "../../ui/time.tsx";
import { held, nearness, upcoming } from "./next.ts";
import { VisitBill } from "./visit_bill.tsx";
import "./home.css";

/** The patient's own page: the next visit with one big button, then what was and what is to pay. */
export default function HomePage({ user }: { user: User }) {
  const now = useNow(5_000);
  useTitle(w.title);
  const own = useLoad("own sessions", (signal) => sessions.list({}, signal), { kinds: ["session"] });
  const mine = useLoad("own visits", (signal) => visits.list({ page_size: 50 }, signal), { kinds: ["visit", "session"] });
  const coming = upcoming(own.data ?? [], now);
  const [first, ...others] = coming;
  const past = held(own.data ?? []);
  return (
    <div class="home">
      <h1>{w.hello(user.first_name || user.username)}</h1>
      {user.patient === null ? <Notice tone="attention">{w.notLinked}</Notice> : null}
      {own.error ? <LoadError error={own.error} onRetry={own.reload} /> : null}
      {own.data ? (first ? <NextVisit session={first} visit={mine.data?.results.find((one) => one.id === first.visit)} now={now} /> : <div class="card"><Empty icon={CalendarClock} title={w.none}>{w.noneText}</Empty></div>) : own.error ? null : <div class="card pad next-blank"><Skeleton lines={5} /></div>}
      {others.length > 0 ? (
        <section class="stack" aria-labelledby="home-more">
          <h2 id="home-more">{w.more}</h2>
          <ul class="card home-list">{others.map((session) => <li key={session.id}><span class="grow"><b><Time at={session.scheduled_start} /></b><span class="soft">{withTitle(session.doctor_display_name || session.doctor_name)}</span></span><LinkButton href={`/telemedicine/${session.id}/call`}>{w.prepare}</LinkButton></li>)}</ul>
        </section>
      ) : null}
      <section class="stack" aria-labelledby="home-visits">
        <h2 id="home-visits">{w.visits}</h2>
        {mine.error ? <LoadError error={mine.error} onRetry={mine.reload} /> : null}
        {mine.data ? (mine.data.results.length > 0 ? <ul class="card home-list">{mine.data.results.map((visit) => <OwnVisit key={visit.id} visit={visit} />)}</ul> : <p class="soft">{w.noVisits}</p>) : mine.error ? null : <div class="card pad"><Skeleton lines={3} /></div>}
        {mine.data?.results.some((visit) => isDue(visit.outstanding_balance)) ? <p class="faint">{w.howToPay}</p> : null}
      </section>
      {past.length > 0 ? (
        <section class="stack" aria-labelledby="home-past">
          <h2 id="home-past">{w.past}</h2>
          <ul class="card home-list">{past.map((session) => <li key={session.id}><span class="grow"><a href={`/telemedicine/${session.id}`}><b><Time at={session.actual_start ?? session.scheduled_start} /></b></a><span class="soft">{[withTitle(session.doctor_display_name || session.doctor_name), session.duration_seconds ? w.duration(durationWords(session.duration_seconds)) : ""].filter(Boolean).join(", ")}</span></span></li>)}</ul>
        </section>
      ) : null}
    </div>
  );
}

/** The next visit: when, with whom, and the button that leads in. */
function NextVisit({ session, visit, now }: { session: Session; visit: Visit | undefined; now: Date }) {
  const zone = useZone();
  const info = useInfo();
  const near = nearness(session, now);
  const doctor = withTitle(session.doctor_display_name || session.doctor_name);
  const until = untilWords(Math.round((Date.parse(session.scheduled_start) - now.getTime()) / 1000));
  const clinicZone = info?.time_zone ?? zone;
  const words = { running: w.running(doctor), soon: w.soon(until), late: w.late(until), later: w.later(until) }[near];
  return (
    <section class={near === "running" ? "card next-visit running" : "card next-visit"} aria-labelledby="home-next">
      <h2 id="home-next">{near === "running" ? w.now : w.next}</h2>
      <dl class="next-facts">
        <dt>{w.when}</dt>
        <dd class="number">
          <Time at={session.scheduled_start} />
          {sameTime(zone, clinicZone, new Date(session.scheduled_start)) ? null : <span class="faint">{w.bothZones(clockWords(session.scheduled_start, clinicZone), cityOf(clinicZone))}</span>}
        </dd>
        <dt>{w.with}</dt><dd>{doctor}</dd>
        {visit?.chief_complaint ? <><dt>{w.about}</dt><dd>{visit.chief_complaint}</dd></> : null}
      </dl>
      <p class="next-words" aria-live="polite" title={whenWords(session.scheduled_start, zone, now)}>{words}</p>
      <LinkButton wide kind={near === "later" ? "plain" : "primary"} icon={Video} href={`/telemedicine/${session.id}/call`}>{near === "running" ? w.join : near === "later" ? w.prepare : w.waitInRoom}</LinkButton>
    </section>
  );
}

/** One of the patient's visits, with its bill one tap away. */
function OwnVisit({ visit }: { visit: Visit }) {
  const due = isDue(visit.outstanding_balance);
  return (
    <li class="own-visit">
      <details>
        <summary>
          <span class="grow"><b>{visit.chief_complaint || t.visitTypes[visit.visit_type]}</b><span class="soft number"><Time at={visit.created_at} />{visit.assigned_doctor_name ? `, ${withTitle(visit.assigned_doctor_name)}` : ""}</span></span>
          {due ? <Badge tone="attention">{w.toPay} {moneyWords(visit.outstanding_balance, visit.currency)}</Badge> : <Badge tone="good">{visit.payment_status === "UNPAID" ? w.nothingToPay : w.paid}</Badge>}
        </summary>
        <VisitBill visit={visit} />
      </details>
    </li>
  );
}
