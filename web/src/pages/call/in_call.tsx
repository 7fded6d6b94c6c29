import { ChevronLeft, Signal as SignalIcon } from "lucide";
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import type { Patient, Session, User, Visit } from "../../api/types.ts";
import { Attention } from "../../call/attention.ts";
import { bannersFor } from "../../call/banners.ts";
import { wakeAudio } from "../../call/level_meter.ts";
import type { Notes } from "../../call/notes.ts";
import { keepAwake } from "../../call/wake_lock.ts";
import { useNow } from "../../data/clinic.ts";
import { callText as t, qualityText } from "../../i18n/call_en.ts";
import { aboutPatient, withTitle } from "../../people/names.ts";
import { isTaken } from "../../shell/shortcuts.tsx";
import { useTitle } from "../../shell/title.ts";
import { stopwatch } from "../../time/words.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { BannerStack } from "./banner_stack.tsx";
import { type ControlActions, Controls } from "./controls.tsx";
import { DeviceSettings } from "./device_settings.tsx";
import { useNotices } from "./notices.ts";
import { SelfView } from "./self_view.tsx";
import { type PanelName, SidePanel } from "./side_panel.tsx";
import { StageView } from "./stage.tsx";
import { useReadable } from "./use_readable.ts";
import { useTick } from "./use_tick.ts";
import type { VisitCall } from "./visit_call.ts";

interface Props {
  visit: VisitCall;
  user: User;
  session: Session;
  record: Visit | undefined;
  patient: Patient | undefined;
  /** Null for everybody but the doctor of the session. */
  notes: Notes | null;
  onLeave: () => void;
  onEnd: (() => void) | null;
}

/** The call: the picture is the page, the bars come and go over it. */
export function InCall({ visit, user, session, record, patient, notes, onLeave, onEnd }: Props) {
  const { call, devices, talk, sound } = visit;
  const view = useReadable(call.view);
  const deviceView = useReadable(devices.view);
  const talkView = useReadable(talk.view);
  const soundBlocked = useReadable(sound.blocked);
  const attention = useMemo(() => new Attention(), []);
  const bars = useReadable(attention.visible);
  const at = useNow(1000);
  const tick = useTick(1000);
  const isDoctor = onEnd !== null;
  const wide = matchMedia("(min-width: 1000px)").matches;
  const panels: readonly PanelName[] = isDoctor ? ["notes", "chat", "people", "patient"] : ["chat", "people"];
  const [panel, setPanel] = useState<PanelName | null>(isDoctor && wide ? "notes" : null);
  // A doctor must see all of what is shown; a patient on a narrow phone sees the doctor's face better when it fills the screen.
  const [fill, setFill] = useState(!isDoctor && matchMedia("(max-width: 760px) and (orientation: portrait)").matches);
  const [draft, setDraft] = useState("");
  const [dialog, setDialog] = useState<"devices" | "shortcuts" | null>(null);
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());

  const other = isDoctor ? session.patient_name : withTitle(session.doctor_name);
  const started = session.actual_start ? Date.parse(session.actual_start) : null;
  const elapsed = started === null ? "" : stopwatch((at.getTime() - started) / 1000);
  const unread = useUnread(view.chat.filter((m) => !m.mine).length, panel === "chat");
  // A panel that was there from the beginning leaves the keys to the call; one that was asked for takes the focus.
  const [asked, setAsked] = useState(false);
  const openPanel = (name: PanelName) => {
    setAsked(true);
    setPanel((before) => (before === name ? null : name));
  };
  const banners = bannersFor(view, deviceView, talkView, { soundBlocked, now: tick, dismissed });
  const notices = useNotices(view, panel === "chat", () => setPanel("chat"));

  const title = view.state === "reconnecting" ? t.title.reconnecting : view.state === "connected" ? t.title.inCall(elapsed, other) : t.title.connecting;
  useTitle(unread > 0 ? t.title.unread(unread, title) : title);

  const actions: ControlActions = {
    toggleMicrophone: () => void devices.setOn("microphone", !(deviceView.microphone.wanted && deviceView.microphone.track)),
    toggleCamera: () => void devices.setOn("camera", !(deviceView.camera.wanted && deviceView.camera.track)),
    toggleShare: () => (talkView.share ? talk.stopShare() : void talk.startShare()),
    toggleFill: () => setFill(!fill),
    toggleLowData: () => talk.setLowData(!talkView.lowData),
    openPanel,
    openDevices: () => setDialog("devices"),
    openShortcuts: () => setDialog("shortcuts"),
    leave: onLeave,
    end: onEnd,
  };
  const keys = useRef(actions);
  keys.current = actions;

  useEffect(() => keepAwake(), []);
  useEffect(() => {
    // After a reload nothing was tapped yet: the level meter sleeps until then.
    const ears = new AbortController();
    const wake = () => {
      wakeAudio();
      if (sound.blocked.value) void sound.unblock();
    };
    window.addEventListener("pointerdown", wake, { signal: ears.signal });
    window.addEventListener("keydown", wake, { signal: ears.signal });
    return () => ears.abort();
  }, [sound]);
  useEffect(() => () => attention.stop(), [attention]);
  useEffect(() => attention.hold("banner", banners.length > 0 || notices.length > 0), [banners.length > 0 || notices.length > 0]);
  useEffect(() => attention.hold("state", view.state !== "connected" || view.people.length === 0), [view.state, view.people.length === 0]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      attention.poke();
      if (event.key === "Escape" && !document.querySelector("dialog[open], :popover-open")) {
        setPanel(null);
        return;
      }
      if (isTaken(event) || event.repeat) return;
      const run = {
        m: keys.current.toggleMicrophone,
        v: keys.current.toggleCamera,
        s: keys.current.toggleShare,
        c: () => keys.current.openPanel("chat"),
        p: () => keys.current.openPanel("people"),
        n: () => isDoctor && keys.current.openPanel("notes"),
        "?": keys.current.openShortcuts,
      }[event.key.toLowerCase()];
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [attention, isDoctor]);

  // Keyboard focus inside the bars keeps them; a mouse click in them does not.
  const barFocus = {
    onFocusIn: (event: FocusEvent) => attention.hold("focus", event.target instanceof Element && event.target.matches(":focus-visible")),
    onFocusOut: () => attention.hold("focus", false),
    onPointerEnter: (event: PointerEvent) => attention.hold("pointer", event.pointerType === "mouse"),
    onPointerLeave: () => attention.hold("pointer", false),
  };

  return (
    <>
      <div class={panel ? "call" : "call alone"} data-state={view.state}>
        <main
          class={bars ? "stage" : "stage quiet"}
          onPointerMove={(event) => {
            if (event.pointerType === "mouse") attention.poke();
          }}
          onPointerUp={(event) => {
            // A tap on the picture itself shows or hides the bars.
            if (event.pointerType !== "mouse" && event.target instanceof Element && event.target.closest("button, a, .self, .menu") === null) attention.toggle();
          }}
        >
          <StageView call={call} fill={fill} lowData={talkView.lowData} expected={isDoctor ? session.patient_name : withTitle(session.doctor_name)} />
          <div class="over top" {...barFocus}>
            <button type="button" class="round small" aria-label={t.bar.back} title={t.bar.back} onClick={onLeave}><Icon of={ChevronLeft} /></button>
            <div class="who">
              <h1>{other}</h1>
              <span class="soft">{isDoctor ? [patient ? aboutPatient(patient) : "", record?.chief_complaint ?? ""].filter(Boolean).join(" · ") : t.panel.role["DOCTOR"]}</span>
            </div>
            <span class="spring" />
            <QualityChip visit={visit} />
            {elapsed ? <span class="chip number" role="timer" aria-label={t.stage.elapsed}>{elapsed}</span> : null}
          </div>
          <BannerStack
            visit={visit}
            banners={banners}
            notes={notices}
            now={tick}
            onDevices={() => setDialog("devices")}
            onDismiss={(key) => setDismissed((before) => new Set(before).add(key))}
          />
          <SelfView visit={visit} />
          <div class="over bottom" {...barFocus}>
            <Controls visit={visit} unread={unread} fill={fill} panels={panels} actions={actions} />
          </div>
        </main>
        {panel ? <SidePanel visit={visit} user={user} session={session} record={record} patient={patient} notes={notes} panels={panels} open={panel} unread={unread} focus={asked} draft={draft} onDraft={setDraft} onOpen={setPanel} onClose={() => setPanel(null)} /> : null}
      </div>
      {dialog === "devices" ? <Dialog title={t.devices.title} onClose={() => setDialog(null)}><DeviceSettings visit={visit} /></Dialog> : null}
      {dialog === "shortcuts" ? <Dialog title={t.shortcuts.title} onClose={() => setDialog(null)}><dl class="keys">{t.shortcuts.rows.map(([key, what]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>)}</dl></Dialog> : null}
    </>
  );
}

/** The connection in a word; pressed, its cause and what to do. */
function QualityChip({ visit }: { visit: VisitCall }) {
  const id = useId();
  const { quality } = useReadable(visit.talk.view);
  if (quality.level === "unknown") return null;
  const cause = qualityText.cause[quality.cause];
  const advice = qualityText.advice[quality.advice];
  return (
    <>
      <button type="button" class={`chip quality ${quality.level}`} aria-label={qualityText.level[quality.level]} popovertarget={id}><Icon of={SignalIcon} /><span>{qualityText.level[quality.level]}</span></button>
      <div id={id} popover="auto" class="quality-about">
        <b>{qualityText.level[quality.level]}</b>
        {cause ? <p>{cause}</p> : null}
        {advice ? <p>{advice}</p> : null}
      </div>
    </>
  );
}

/** How many messages came since the chat was last open. */
function useUnread(count: number, open: boolean): number {
  const [seen, setSeen] = useState(count);
  useEffect(() => {
    if (open) setSeen(count);
  }, [open, count]);
  return open ? 0 : Math.max(0, count - seen);
}
