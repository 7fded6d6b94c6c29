import { useEffect, useRef, useState } from "preact/hooks";
import type { CallView } from "../../call/call.ts";
import { callText as t } from "../../i18n/call_en.ts";
import type { Note } from "./banner_stack.tsx";

const SHOWN_FOR = 6000;

/** Says who came, who went and what was written while the chat is closed, each for a few seconds. */
export function useNotices(view: CallView, chatOpen: boolean, openChat: () => void): readonly Note[] {
  const [notes, setNotes] = useState<readonly Note[]>([]);
  const known = useRef<Map<string, string> | null>(null);
  const read = useRef(view.chat.length);
  const next = useRef(1);
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  const say = (text: string, action?: Note["action"]) => {
    const id = next.current++;
    setNotes((before) => [...before.slice(-3), action ? { id, text, action } : { id, text }]);
    const timer = setTimeout(() => {
      timers.current.delete(timer);
      setNotes((before) => before.filter((note) => note.id !== id));
    }, SHOWN_FOR);
    timers.current.add(timer);
  };
  useEffect(() => () => {
    for (const timer of timers.current) clearTimeout(timer);
  }, []);

  useEffect(() => {
    if (!view.admitted || view.state === "ended") return;
    const here = new Map(view.people.filter((p) => !p.waiting).map((p) => [p.id, p.name]));
    // Who was there before me has not arrived.
    if (known.current) {
      for (const [id, name] of here) if (!known.current.has(id)) say(t.stage.arrived(name));
      for (const [id, name] of known.current) if (!here.has(id)) say(t.stage.gone(name));
    }
    known.current = here;
  }, [view.people, view.admitted]);

  useEffect(() => {
    const fresh = view.chat.slice(read.current).filter((m) => !m.mine);
    read.current = view.chat.length;
    const last = fresh.at(-1);
    if (last && !chatOpen) say(`${last.name}: ${last.text.length > 80 ? `${last.text.slice(0, 79)}…` : last.text}`, { label: t.panel.chat, run: openChat });
  }, [view.chat]);
  return notes;
}
