import { useEffect, useRef, useState } from "preact/hooks";
import { sessions } from "../../api/calls.ts";
import { explain } from "../../api/errors.ts";
import type { Session } from "../../api/types.ts";
import { useZone } from "../../data/clinic.ts";
import { sessionWords as w } from "../../i18n/sessions_en.ts";
import { TextArea } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { createAutosave, type Autosave, type SaveState } from "./autosave.ts";

const draftKey = (session: number) => `televisit.notes.${session}`;

/** The doctor's notes: they save themselves, and what cannot be sent stays in this browser until it can. */
export function NotesTab({ session, writable }: { session: Session; writable: boolean }) {
  if (!writable) return session.notes ? <p class="prose">{session.notes}</p> : <p class="soft">{w.notesEmpty}</p>;
  return <Editor key={session.id} session={session} />;
}

function Editor({ session }: { session: Session }) {
  const zone = useZone();
  // Read once: what the server sends later must not overwrite what is being typed.
  const [draft] = useState(() => localStorage.getItem(draftKey(session.id)));
  const [text, setText] = useState(draft ?? session.notes);
  const [state, setState] = useState<SaveState>({ kind: "idle" });
  const autosave = useRef<Autosave | null>(null);
  const touched = useRef(draft !== null);

  useEffect(() => {
    const made = createAutosave(session.notes, {
      save: (notes) => sessions.change(session.id, { notes }),
      keep: (unsaved) => { if (unsaved === null) localStorage.removeItem(draftKey(session.id)); else localStorage.setItem(draftKey(session.id), unsaved); },
      onState: setState,
      now: () => new Date(),
      setTimeout: (task, ms) => setTimeout(task, ms),
      clearTimeout: (timer) => clearTimeout(timer),
    });
    autosave.current = made;
    if (draft !== null) made.change(draft);
    return () => {
      made.flush();
      made.stop();
    };
  }, []);
  // Notes written elsewhere, such as in the call, appear as long as nothing was typed here.
  useEffect(() => { if (!touched.current) setText(session.notes); }, [session.notes]);

  const clock = (at: Date) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(at);
  const status = { idle: () => w.notesHint, unsaved: () => w.notesUnsaved, saving: () => w.notesSaving, saved: () => (state.kind === "saved" ? w.notesSaved(clock(state.at)) : ""), failed: () => "" }[state.kind]();
  return (
    <>
      {draft !== null ? <Notice tone="attention">{w.notesDraft}</Notice> : null}
      <TextArea
        label={w.notes}
        rows={10}
        value={text}
        hint={<span aria-live="polite">{status}</span>}
        error={state.kind === "failed" ? w.notesFailed(explain(state.error)) : ""}
        onValue={(value) => {
          touched.current = true;
          setText(value);
          autosave.current?.change(value);
        }}
        onBlur={() => autosave.current?.flush()}
      />
    </>
  );
}
