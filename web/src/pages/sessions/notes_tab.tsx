import { useEffect, useState } from "preact/hooks";
import { sessions } from "../../api/calls.ts";
import { ApiError, explain } from "../../api/errors.ts";
import type { Session } from "../../api/types.ts";
import { Notes } from "../../call/notes.ts";
import { useZone } from "../../data/clinic.ts";
import { sessionWords as w } from "../../i18n/sessions_en.ts";
import { Button } from "../../ui/button.tsx";
import { TextArea } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useReadable } from "../call/use_readable.ts";

/** The doctor's notes: the same that the call writes, saved by themselves and kept in this browser until the server has them. */
export function NotesTab({ session }: { session: Session }) {
  const zone = useZone();
  const [notes] = useState(() => new Notes(session.id, session.notes, {
    save: async (text) => { await sessions.change(session.id, { notes: text }); },
    storage: localStorage,
    now: () => Date.now(),
    isFinal: (error) => (error instanceof ApiError && [400, 403, 404, 409, 413, 422].includes(error.status) ? explain(error) : null),
  }));
  const view = useReadable(notes.view);
  useEffect(() => {
    const again = () => notes.retryNow();
    addEventListener("online", again);
    return () => {
      removeEventListener("online", again);
      void notes.flush();
      notes.stop();
    };
  }, [notes]);
  // Notes written elsewhere, such as in the call in another window, appear as long as nothing was typed here.
  useEffect(() => {
    if (view.state === "saved" && view.text !== session.notes) {
      notes.stored(session.notes);
      notes.type(session.notes);
    }
  }, [session.notes]);

  const clock = (at: number) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(at);
  const hint = { saved: view.savedAt === null ? w.notesHint : w.notesSaved(clock(view.savedAt)), typing: w.notesUnsaved, saving: w.notesSaving, offline: "", refused: "" }[view.state];
  const trouble = view.state === "offline" ? w.notesOffline : view.state === "refused" ? w.notesRefused(view.detail) : "";
  return (
    <>
      {view.found ? (
        <Notice tone="attention" action={<span class="row"><Button onClick={() => notes.resolveFound(true)}>{w.notesFoundUse}</Button><Button kind="quiet" onClick={() => notes.resolveFound(false)}>{w.notesFoundDrop}</Button></span>}>{w.notesFound(clock(view.found.at))}</Notice>
      ) : null}
      <TextArea label={w.notes} rows={10} value={view.text} hint={<span aria-live="polite">{hint}</span>} error={trouble} onValue={(text) => notes.type(text)} onBlur={() => void notes.flush()} />
    </>
  );
}
