import { ChevronLeft, Settings } from "lucide";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Session } from "../../api/types.ts";
import { wakeAudio } from "../../call/level_meter.ts";
import { now, useNow } from "../../data/clinic.ts";
import { callText as t } from "../../i18n/call_en.ts";
import { withTitle } from "../../people/names.ts";
import { useTitle } from "../../shell/title.ts";
import { Brand } from "../../shell/brand.tsx";
import { durationWords, untilWords } from "../../time/words.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button, LinkButton } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { LoadError } from "../../ui/load_state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Time } from "../../ui/time.tsx";
import { DeviceCheck, useGoOnWords } from "./device_check.tsx";
import { DeviceSettings } from "./device_settings.tsx";
import { LevelBar } from "./level_bar.tsx";
import { OwnPicture } from "./picture.tsx";
import { useReadable } from "./use_readable.ts";
import type { VisitCall } from "./visit_call.ts";

/** One thing a screen: a head with the way back and the step, the thing itself, the button within reach of the thumb. */
function Step({ step, of, back, wide = false, children, foot }: { step: number; of: number; /** Uses the width of a desk. */ wide?: boolean; back: string | null; children: ComponentChildren; foot: ComponentChildren }) {
  return (
    <div class={wide ? "step wide" : "step"}>
      <header>
        {back === null ? <span class="brand"><Brand /></span> : <LinkButton href={back} kind="quiet" icon={ChevronLeft} label={t.back} />}
        {of > 1 ? <div class="dots" role="img" aria-label={t.check.step(step, of)}>{Array.from({ length: of }, (_, i) => <i key={i} class={i < step ? "on" : ""} />)}</div> : null}
      </header>
      <main class="grow">{children}</main>
      <footer>{foot}</footer>
    </div>
  );
}

/** The patient, or a guest, before the waiting room. */
export function CheckStep({ visit, session, back, onGo }: { visit: VisitCall; session: Session; back: string; onGo: () => void }) {
  const words = useGoOnWords(visit);
  useTitle(t.title.check(withTitle(session.doctor_name)));
  return (
    <Step step={1} of={2} back={back} foot={<Button kind="primary" wide onClick={() => { wakeAudio(); onGo(); }}>{words}</Button>}>
      <h1>{t.check.heading}</h1>
      <DeviceCheck visit={visit} />
    </Step>
  );
}

/** Waiting, with everything one wants to know meanwhile: that the clinic knows, when it begins, that the camera still works. */
export function WaitingRoom({ visit, session, since, onLeave }: { visit: VisitCall; session: Session; since: number; onLeave: () => void }) {
  const call = useReadable(visit.call.view);
  const { camera, microphone } = useReadable(visit.devices.view);
  const [settings, setSettings] = useState(false);
  const at = useNow(15_000);
  const doctor = withTitle(session.doctor_name);
  const known = call.state === "waiting";
  const begins = (Date.parse(session.scheduled_start) - at.getTime()) / 1000;
  useTitle(t.title.waiting);
  return (
    <Step step={2} of={2} back={null} foot={<Button wide onClick={onLeave}>{t.waiting.leave}</Button>}>
      <div class="waiting-room">
        <div class="breath" aria-hidden="true"><Avatar name={doctor} /></div>
        <div role="status">
          <h1>{known ? t.waiting.knows(doctor) : t.waiting.telling}</h1>
          <p class="soft">{known ? t.waiting.keepOpen : call.state === "reconnecting" ? t.waiting.lost : t.waiting.telling2}</p>
        </div>
        <p>
          {t.waiting.booked} <Time at={session.scheduled_start} />. {begins > 60 ? t.waiting.early(untilWords(begins)) : begins < -60 ? t.waiting.late : ""}
        </p>
        <p class="faint number">{t.waiting.waited(durationWords((at.getTime() - since) / 1000))}</p>
        {camera.track ? <figure class="small-mirror"><OwnPicture track={camera.track} label={t.check.ownPicture} /><figcaption>{t.waiting.picture}</figcaption></figure> : null}
        {microphone.track ? <LevelBar meter={visit.meter} label={t.devices.level} /> : camera.track ? null : <p class="soft">{t.waiting.onlyWatching}</p>}
        <Button kind="quiet" icon={Settings} onClick={() => setSettings(true)}>{t.waiting.devices}</Button>
      </div>
      {settings ? <Dialog title={t.devices.title} onClose={() => setSettings(false)}><DeviceSettings visit={visit} /></Dialog> : null}
    </Step>
  );
}

/** The doctor before the visit: who waits, a glance at the own picture, one button. */
export function Lobby({ visit, session, sub, starting, error, onStart, onJoin, back }: {
  visit: VisitCall;
  session: Session;
  sub: string;
  starting: boolean;
  error: unknown;
  onStart: () => void;
  onJoin: () => void;
  back: string;
}) {
  const call = useReadable(visit.call.view);
  const running = session.status === "IN_PROGRESS";
  const waiting = call.people.filter((person) => !person.away);
  const patient = waiting.find((person) => person.role === "PATIENT");
  const others = waiting.filter((person) => person !== patient);
  useTitle(patient ? t.lobby.waiting(patient.name) : t.title.lobby(session.patient_name));
  useNow(30_000);
  return (
    <Step
      step={1}
      of={1}
      wide
      back={back}
      foot={running
        ? <Button kind="primary" wide onClick={() => { wakeAudio(); onJoin(); }}>{t.check.join}</Button>
        : <Button kind="primary" wide busy={starting} onClick={() => { wakeAudio(); onStart(); }}>{patient ? t.lobby.admit(session.patient_name) : t.lobby.start}</Button>}
    >
      <div class="lobby">
        <div class="lobby-who">
          <div>
            <h1>{t.check.headingDoctor(session.patient_name)}</h1>
            <p class="soft">{sub}</p>
          </div>
          {error ? <LoadError error={error} onRetry={onStart} /> : null}
          {running ? null : (
            <div class="lobby-people" role="status">
              {patient
                ? <p class="lobby-patient"><Avatar name={patient.name} here /> <b>{t.lobby.waiting(patient.name)}</b></p>
                : <Notice title={t.lobby.nobody}>{t.lobby.nobodyHint(session.patient_name)}</Notice>}
              {others.length > 0 ? <p class="soft">{t.lobby.others}: {others.map((person) => person.name).join(", ")}</p> : null}
            </div>
          )}
          <p class="soft">{t.waiting.booked} <Time at={session.scheduled_start} />, {untilWords((Date.parse(session.scheduled_start) - now().getTime()) / 1000)}</p>
        </div>
        <div class="lobby-me"><DeviceCheck visit={visit} /></div>
      </div>
    </Step>
  );
}
