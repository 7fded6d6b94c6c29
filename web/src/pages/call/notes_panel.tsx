import { useEffect, useState } from "preact/hooks";
import { SECTIONS, type NoteParts, joinNotes, splitNotes } from "../../call/note_sections.ts";
import type { Notes } from "../../call/notes.ts";
import { callText as t } from "../../i18n/call_en.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useReadable } from "./use_readable.ts";

/** The doctor's notes in four fields; saved by themselves, and the foot says when. */
export function NotesPanel({ notes }: { notes: Notes }) {
  const view = useReadable(notes.view);
  const [parts, setParts] = useState<NoteParts>(() => splitNotes(view.text));
  useEffect(() => {
    // Changed elsewhere (found on this device, the end dialog): show that. What is typed here comes back as it is.
    if (joinNotes(parts) !== view.text) setParts(splitNotes(view.text));
  }, [view.text]);
  const type = (next: NoteParts) => {
    setParts(next);
    notes.type(joinNotes(next));
  };
  return (
    <>
      <div class="panel">
        {view.found ? (
          <Notice tone="attention" action={<><Button onClick={() => notes.resolveFound(true)}>{t.panel.foundUse}</Button><Button kind="quiet" onClick={() => notes.resolveFound(false)}>{t.panel.foundDrop}</Button></>}>
            {t.panel.found(clock(view.found.at))}
          </Notice>
        ) : null}
        {parts.free === "" ? null : <Area label={t.panel.notesFree} value={parts.free} hint="" onValue={(free) => type({ ...parts, free })} />}
        {SECTIONS.map((section) => (
          <Area key={section} label={section} value={parts.fields[section]} hint={t.panel.notesHint[section]} onValue={(text) => type({ ...parts, fields: { ...parts.fields, [section]: text } })} />
        ))}
      </div>
      <div class="foot">
        <span role="status">{stateWords(view.state, view.savedAt, view.detail)}</span>
        <span>{t.panel.careTeam}</span>
      </div>
    </>
  );
}

function Area({ label, value, hint, onValue }: { label: string; value: string; hint: string; onValue: (value: string) => void }) {
  return (
    <label>
      <h2>{label}</h2>
      <textarea rows={3} value={value} placeholder={hint} onInput={(event) => onValue(event.currentTarget.value)} />
    </label>
  );
}

function stateWords(state: ReturnType<typeof useReadable<Notes["view"]["value"]>>["state"], savedAt: number | null, detail: string): string {
  switch (state) {
    case "saved":
      return savedAt === null ? t.panel.savedNothing : t.panel.saved(clock(savedAt));
    case "typing":
      return t.panel.typing;
    case "saving":
      return t.panel.saving;
    case "offline":
      return t.panel.offline;
    case "refused":
      return detail ? `${t.panel.refused}: ${detail}` : t.panel.refused;
  }
}

/** "14:33:07" on the wall of whoever looks. */
function clock(at: number): string {
  return new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}
