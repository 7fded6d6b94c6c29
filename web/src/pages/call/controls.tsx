import { Keyboard, LogOut, Maximize, MessageSquare, Mic, MicOff, Minimize, MonitorUp, MonitorX, NotebookPen, Ellipsis, Expand, Settings, Shrink, SignalLow, SwitchCamera, UserRound, Users, Video, VideoOff } from "lucide";
import type { IconNode } from "lucide";
import { canShare } from "../../call/screen_share.ts";
import { callText as t } from "../../i18n/call_en.ts";
import { Icon } from "../../ui/icon.tsx";
import { Menu, type MenuItem } from "../../ui/menu.tsx";
import type { PanelName } from "./side_panel.tsx";
import { useReadable } from "./use_readable.ts";
import type { VisitCall } from "./visit_call.ts";

export interface ControlActions {
  toggleMicrophone: () => void;
  toggleCamera: () => void;
  toggleShare: () => void;
  toggleLowData: () => void;
  toggleFill: () => void;
  openPanel: (name: PanelName) => void;
  openDevices: () => void;
  openShortcuts: () => void;
  leave: () => void;
  /** Only for the doctor of the session. */
  end: (() => void) | null;
}

/** The bar under the picture. On a phone only what is pressed often stands in it; the rest is behind "More". */
export function Controls({ visit, unread, fill, panels, actions }: { visit: VisitCall; unread: number; fill: boolean; panels: readonly PanelName[]; actions: ControlActions }) {
  const { microphone, camera, cameras } = useReadable(visit.devices.view);
  const { share, lowData } = useReadable(visit.talk.view);
  const phone = matchMedia("(max-width: 760px)").matches;
  const sound = microphone.wanted && microphone.track !== null;
  const picture = camera.wanted && camera.track !== null;
  const full = document.fullscreenElement !== null;

  const items: MenuItem[][] = [
    [
      { label: t.bar.devices, icon: Settings, onSelect: actions.openDevices },
      ...(phone && cameras.length > 1 ? [{ label: t.bar.switchCamera, icon: SwitchCamera, onSelect: () => void visit.devices.switchCamera() }] : []),
      { label: t.bar.lowData, icon: SignalLow, checked: lowData, onSelect: actions.toggleLowData },
    ],
    [
      ...(phone && canShare() ? [{ label: share ? t.bar.shareStopMenu : t.bar.shareMenu, icon: MonitorUp, onSelect: actions.toggleShare }] : []),
      ...(phone ? panels.filter((name) => name !== "chat").map((name) => ({ label: t.panel[name], icon: PANEL_ICONS[name], onSelect: () => actions.openPanel(name) })) : []),
      { label: fill ? t.bar.whole : t.bar.fill, icon: fill ? Shrink : Expand, onSelect: actions.toggleFill },
      ...(document.fullscreenEnabled ? [{ label: full ? t.bar.fullScreenEnd : t.bar.fullScreen, icon: full ? Minimize : Maximize, onSelect: toggleFullScreen }] : []),
      ...(phone ? [] : [{ label: t.bar.shortcuts, icon: Keyboard, onSelect: actions.openShortcuts }]),
    ],
    phone && actions.end ? [{ label: t.bar.leave, icon: LogOut, onSelect: actions.leave }] : [],
  ];

  return (
    <div class="controls" role="toolbar" aria-label={t.bar.controls}>
      <Round icon={sound ? Mic : MicOff} off={!sound} label={sound ? t.bar.muteOn : t.bar.muteOff} onPress={actions.toggleMicrophone} />
      <Round icon={picture ? Video : VideoOff} off={!picture} label={picture ? t.bar.cameraOff : t.bar.cameraOn} onPress={actions.toggleCamera} />
      <Round icon={share ? MonitorX : MonitorUp} desk on={share !== null} label={share ? t.bar.shareStop : t.bar.share} onPress={actions.toggleShare} />
      <Round icon={MessageSquare} label={t.bar.chat(unread)} count={unread} onPress={() => actions.openPanel("chat")} />
      <Round icon={Users} desk label={t.bar.people} onPress={() => actions.openPanel("people")} />
      {panels.includes("notes") ? <Round icon={NotebookPen} desk label={t.bar.notes} onPress={() => actions.openPanel("notes")} /> : null}
      <Menu label={t.bar.more} buttonClass="round" button={<Icon of={Ellipsis} />} groups={items} />
      <span class="gap" />
      {actions.end
        ? (
          <>
            <button type="button" class="pill desk" onClick={actions.leave}><Icon of={LogOut} />{t.bar.leave}</button>
            <button type="button" class="pill end" onClick={actions.end}>{t.bar.end}</button>
          </>
        )
        : <button type="button" class="pill end" onClick={actions.leave}>{t.bar.leave}</button>}
    </div>
  );
}

const PANEL_ICONS: Record<PanelName, IconNode> = { notes: NotebookPen, chat: MessageSquare, people: Users, patient: UserRound };

function Round({ icon, label, onPress, off = false, on = false, desk = false, count = 0 }: { icon: IconNode; label: string; onPress: () => void; off?: boolean; on?: boolean; desk?: boolean; count?: number }) {
  return (
    <button type="button" class={`round${off ? " off" : ""}${on ? " on" : ""}${desk ? " desk" : ""}`} aria-label={label} title={label} onClick={onPress}>
      <Icon of={icon} />
      {count > 0 ? <sup aria-hidden="true">{count > 9 ? "9+" : count}</sup> : null}
    </button>
  );
}

function toggleFullScreen(): void {
  const change = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  // Refused, for instance inside a frame: nothing is lost.
  change.catch(() => undefined);
}
