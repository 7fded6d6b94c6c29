import { X } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import type { Patient, Session, User, Visit } from "../../api/types.ts";
import type { Notes } from "../../call/notes.ts";
import { callText as t } from "../../i18n/call_en.ts";
import { Button } from "../../ui/button.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { ChatPanel } from "./chat_panel.tsx";
import { NotesPanel } from "./notes_panel.tsx";
import { PatientPanel } from "./patient_panel.tsx";
import { PeoplePanel } from "./people_panel.tsx";
import type { VisitCall } from "./visit_call.ts";

export type PanelName = "notes" | "chat" | "people" | "patient";

interface Props {
  visit: VisitCall;
  user: User;
  session: Session;
  record: Visit | undefined;
  patient: Patient | undefined;
  notes: Notes | null;
  panels: readonly PanelName[];
  open: PanelName;
  unread: number;
  /** Opened by hand: the field to write in takes the focus. */
  focus: boolean;
  draft: string;
  onDraft: (text: string) => void;
  onOpen: (name: PanelName) => void;
  onClose: () => void;
}

/** Beside the picture, or under it on a phone: notes, chat, people, the patient's facts. */
export function SidePanel({ visit, user, session, record, patient, notes, panels, open, unread, focus, draft, onDraft, onOpen, onClose }: Props) {
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    // Whoever opened it wants to write in it; not so on touch, where a keyboard would cover the call.
    if (focus && matchMedia("(pointer: fine)").matches && (open === "chat" || open === "notes")) root.current?.querySelector<HTMLElement>("textarea")?.focus({ preventScroll: true });
  }, [open]);
  const body = (name: PanelName) => {
    switch (name) {
      case "notes":
        return notes ? <NotesPanel notes={notes} /> : null;
      case "chat":
        return <ChatPanel visit={visit} text={draft} setText={onDraft} />;
      case "people":
        return <PeoplePanel visit={visit} user={user} />;
      case "patient":
        return <PatientPanel patient={patient} record={record} session={session} />;
    }
  };
  return (
    <aside ref={root} class="side" aria-label={t.panel.label}>
      <Button kind="quiet" class="side-close" icon={X} label={t.panel.close} onClick={onClose} />
      <Tabs
        label={t.panel.label}
        tabs={panels.map((name) => ({ key: name, label: name === "chat" && unread > 0 ? t.panel.chatUnread(unread) : t.panel[name], body: () => body(name) }))}
        open={open}
        onOpen={(key) => onOpen(key as PanelName)}
      />
    </aside>
  );
}
