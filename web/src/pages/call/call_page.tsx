import { useEffect, useRef, useState } from "preact/hooks";
import { client } from "../../api/index.ts";
import { ApiError } from "../../api/errors.ts";
import type { Patient, Session, Visit } from "../../api/types.ts";
import { browserDevices } from "../../call/devices.ts";
import { Notes } from "../../call/notes.ts";
import { playTestSound } from "../../call/level_meter.ts";
import { useUser } from "../../data/clinic.ts";
import { useAction } from "../../data/use_action.ts";
import { useLoad } from "../../data/use_load.ts";
import { callText as t } from "../../i18n/call_en.ts";
import { aboutPatient } from "../../people/names.ts";
import { useTitle } from "../../shell/title.ts";
import { startOf } from "../../shell/access.ts";
import { LinkButton } from "../../ui/button.tsx";
import { LoadError, Skeleton } from "../../ui/load_state.tsx";
import { CheckStep, Lobby, WaitingRoom } from "./before.tsx";
import { EndDialog } from "./end_dialog.tsx";
import { InCall } from "./in_call.tsx";
import { Over } from "./over.tsx";
import { useReadable } from "./use_readable.ts";
import { type VisitCall, openVisitCall } from "./visit_call.ts";
import "./before.css";
import "./call.css";

/** The call of one session: check, wait, talk, and what comes after. */
export default function CallPage({ id }: { id: number }) {
  const user = useUser();
  const session = useLoad(`call-session-${id}`, (signal) => client.get<Session>(`telemedicine/${id}/`, { signal }), { kinds: ["session"] });
  const visitId = session.data?.visit ?? null;
  const patientId = session.data?.patient ?? null;
  const record = useLoad(visitId === null ? null : `call-visit-${visitId}`, (signal) => client.get<Visit>(`visits/${visitId}/`, { signal }), { kinds: ["visit"] });
  const patient = useLoad(patientId === null ? null : `call-patient-${patientId}`, (signal) => client.get<Patient>(`patients/${patientId}/`, { signal }));
  useTitle(t.load.loading);

  if (!user) return null;
  if (!session.data) {
    return (
      <main class="call-loading">
        {session.error === null ? <Skeleton lines={4} /> : null}
        {session.error !== null && session.error instanceof ApiError && (session.error.status === 404 || session.error.status === 403)
          ? <><h1>{t.load.gone}</h1><p class="soft">{t.load.notYours}</p><LinkButton href={startOf(user.role)}>{user.role === "PATIENT" ? t.load.home : t.load.board}</LinkButton></>
          : session.error === null ? null : <LoadError error={session.error} onRetry={session.reload} />}
      </main>
    );
  }
  return <Running key={id} user={user} session={session.data} reload={session.reload} set={session.set} record={record.data} reloadRecord={record.reload} patient={patient.data} />;
}

interface RunningProps {
  user: NonNullable<ReturnType<typeof useUser>>;
  session: Session;
  reload: () => void;
  set: (session: Session) => void;
  record: Visit | undefined;
  reloadRecord: () => void;
  patient: Patient | undefined;
}

function Running({ user, session, reload, set, record, reloadRecord, patient }: RunningProps) {
  const [visit, renew] = useVisitCall(session.id);
  const view = useReadable(visit.call.view);
  const isDoctor = user.id === session.doctor;
  const open = session.status === "SCHEDULED" || session.status === "IN_PROGRESS";
  const [entered, setEntered] = useState(() => open && wasInside(session.id));
  const [since, setSince] = useState(() => Date.now());
  const [ending, setEnding] = useState(false);
  const start = useAction();
  const notes = useNotes(session, isDoctor);
  const over = view.state === "ended" || (!open && view.state === "idle");

  /** Into the waiting room, or into the call: the server says which. */
  const enter = () => {
    remember(session.id, true);
    setSince(Date.now());
    setEntered(true);
    visit.call.join();
  };
  useEffect(() => {
    // After a reload: straight back, the check was passed a moment ago.
    if (entered && view.state === "idle" && open) {
      void visit.devices.start({ microphone: true, camera: true });
      visit.call.join();
    }
  }, [visit, entered]);
  useEffect(() => {
    // The doctor sees who waits before anything is pressed; nobody sees or hears the doctor yet.
    if (isDoctor && session.status === "SCHEDULED") visit.call.join();
  }, [visit, isDoctor, session.status]);
  useEffect(() => {
    // Let in from the board, or started in another window: a doctor whose devices are known needs no second press.
    if (!isDoctor || entered || session.status !== "IN_PROGRESS" || view.end) return;
    if (view.admitted) return enter();
    let current = true;
    void devicesAllowed().then((allowed) => {
      if (!current || !allowed) return;
      void visit.devices.start({ microphone: true, camera: true });
      enter();
    });
    return () => {
      current = false;
    };
  }, [visit, isDoctor, entered, session.status, view.admitted]);
  useEffect(() => {
    if (view.state !== "ended") return;
    visit.devices.stop();
    remember(session.id, false);
    reload();
    reloadRecord();
  }, [view.state]);
  const admitted = useRef(view.admitted);
  useEffect(() => {
    if (view.admitted && !admitted.current) {
      reload();
      // It may be minutes later and the eyes elsewhere.
      if (!isDoctor) playTestSound(visit.devices.view.value.chosen.speaker).catch(() => undefined);
    }
    admitted.current = view.admitted;
  }, [view.admitted]);
  useEffect(() => {
    if (!view.admitted || over) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [view.admitted, over]);

  const leave = () => {
    visit.call.leave();
    // The signalling says it too; this is for the case that it has no connection.
    client.post(`telemedicine/${session.id}/leave/`).catch(() => undefined);
  };
  const rejoin = () => {
    remember(session.id, true);
    setSince(Date.now());
    setEntered(true);
    renew();
  };
  const begin = async () => {
    const started = await start.run(null, async (key) => {
      try {
        return await client.post<Session>(`telemedicine/${session.id}/start/`, {}, { key });
      } catch (error) {
        // Started a moment ago, by another window or by a click whose answer was lost.
        if (!(error instanceof ApiError) || error.status !== 409) throw error;
        const now = await client.get<Session>(`telemedicine/${session.id}/`);
        if (now.status !== "IN_PROGRESS") throw error;
        return now;
      }
    });
    if (!started) return;
    set(started);
    enter();
  };

  const endDialog = ending && notes ? <EndDialog session={session} notes={notes} onClose={() => setEnding(false)} onEnded={(done) => { set(done); visit.call.leave(); }} /> : null;
  const back = user.role === "PATIENT" ? "/" : "/telemedicine";

  if (over) {
    return (
      <>
        <Over session={session} record={record} reason={view.end?.reason ?? null} isPatient={user.role === "PATIENT"} onRejoin={rejoin} onEnd={isDoctor ? () => setEnding(true) : null} />
        {endDialog}
      </>
    );
  }
  // Once inside one stays inside: a break shows in the call, not as a waiting room.
  if (entered && (view.admitted || (session.status === "IN_PROGRESS" && view.state !== "waiting"))) {
    return (
      <>
        <InCall visit={visit} user={user} session={session} record={record} patient={patient} notes={notes} onLeave={leave} onEnd={isDoctor ? () => setEnding(true) : null} />
        {endDialog}
      </>
    );
  }
  if (isDoctor) {
    const sub = [patient ? aboutPatient(patient) : "", record?.chief_complaint ?? ""].filter(Boolean).join(" · ");
    return <Lobby visit={visit} session={session} sub={sub} starting={start.busy} error={start.error} onStart={() => void begin()} onJoin={enter} back={back} />;
  }
  if (entered) return <WaitingRoom visit={visit} session={session} since={since} onLeave={leave} />;
  return <CheckStep visit={visit} session={session} back={back} onGo={enter} />;
}

/** The parts of one attempt, freed when the page goes; `renew` makes a fresh set for another attempt. */
function useVisitCall(session: number): [VisitCall, () => void] {
  const [visit, setVisit] = useState(() => openVisitCall(session));
  useEffect(() => () => visit.dispose(), [visit]);
  return [visit, () => setVisit(openVisitCall(session))];
}

function useNotes(session: Session, isDoctor: boolean): Notes | null {
  const [notes] = useState(() =>
    isDoctor
      ? new Notes(session.id, session.notes, {
          save: async (text) => {
            await client.patch<Session>(`telemedicine/${session.id}/`, { notes: text });
          },
          storage: localStorage,
          now: () => Date.now(),
          isFinal: (error) => (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 401 && error.status !== 408 && error.status !== 429 ? error.message : null),
        })
      : null,
  );
  useEffect(() => {
    if (!notes) return;
    const again = () => notes.retryNow();
    // Leaving the page is the last chance to hand the notes over.
    const flush = () => {
      if (document.visibilityState === "hidden") void notes.flush();
    };
    window.addEventListener("online", again);
    document.addEventListener("visibilitychange", flush);
    return () => {
      window.removeEventListener("online", again);
      document.removeEventListener("visibilitychange", flush);
      void notes.flush().finally(() => notes.stop());
    };
  }, [notes]);
  return notes;
}

/** Both devices were allowed to this page before: no question of the browser will come. */
async function devicesAllowed(): Promise<boolean> {
  const world = browserDevices();
  const states = await Promise.all([world.permission("microphone"), world.permission("camera")]);
  return states.every((state) => state === "granted");
}

/** Whether this tab was in the call when it was reloaded. */
function wasInside(session: number): boolean {
  try {
    return sessionStorage.getItem(`televisit.call.${session}`) === "inside";
  } catch {
    return false;
  }
}

function remember(session: number, inside: boolean): void {
  try {
    if (inside) sessionStorage.setItem(`televisit.call.${session}`, "inside");
    else sessionStorage.removeItem(`televisit.call.${session}`);
  } catch {
    // Then a reload begins with the check again.
  }
}
