import { X } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { Button } from "./button.tsx";
import "./toast.css";

interface Toast { id: number; text: string; tone: "info" | "danger"; action?: { label: string; run: () => void } }

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<(toasts: readonly Toast[]) => void>();
const change = (next: readonly Toast[]) => {
  toasts = next;
  for (const listener of listeners) listener(next);
};

/** Says something has happened, for six seconds; with an action (such as undo) for ten. Errors stay until they are closed. */
export function toast(text: string, options: { tone?: "info" | "danger"; action?: { label: string; run: () => void } } = {}): void {
  const id = nextId++;
  const { tone = "info", action } = options;
  change([...toasts.slice(-2), { id, text, tone, ...(action ? { action } : {}) }]);
  if (tone !== "danger") setTimeout(() => dismiss(id), action ? 10_000 : 6_000);
}

const dismiss = (id: number) => change(toasts.filter((one) => one.id !== id));

/** Where toasts appear; once per page. A manual popover, so that it stands above an open dialog. */
export function Toasts() {
  const [shown, setShown] = useState(toasts);
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    listeners.add(setShown);
    return () => { listeners.delete(setShown); };
  }, []);
  useEffect(() => {
    // Shown anew each time: the last one to open stands on top.
    const box = element.current;
    if (!box || !("showPopover" in box)) return;
    box.hidePopover();
    if (shown.length > 0) box.showPopover();
  }, [shown]);
  return (
    <div ref={element} class="toasts" popover="manual" role="status" aria-live="polite">
      {shown.map((one) => (
        <div key={one.id} class={one.tone === "danger" ? "toast danger" : "toast"}>
          <span>{one.text}</span>
          {one.action ? <button type="button" class="toast-action" onClick={() => { dismiss(one.id); one.action?.run(); }}>{one.action.label}</button> : null}
          <Button kind="quiet" icon={X} label={t.common.close} onClick={() => dismiss(one.id)} />
        </div>
      ))}
    </div>
  );
}
