import { X } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { Button } from "./button.tsx";
import "./dialog.css";

interface Props {
  title: string;
  /** Asked for by Esc or the cross; the owner takes the dialog away. */
  onClose: () => void;
  /** While something is under way the dialog stays. */
  busy?: boolean;
  /** Slides in from the side instead: for long forms and details. */
  drawer?: boolean;
  children: ComponentChildren;
}

/** A modal dialog on the native element: focus stays inside and returns to where it came from. Render it to open it. Clicking beside it does not close it: what was typed would be lost. */
export function Dialog({ title, onClose, busy = false, drawer = false, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    if (!dialog) return;
    const before = document.activeElement;
    if (!dialog.open) dialog.showModal();
    const first = dialog.querySelector<HTMLElement>("[data-first], .dialog-body :is(input, select, textarea):not(:disabled, [readonly])");
    // A coarse pointer would get its keyboard over the dialog before anything was read.
    if (first && (first.hasAttribute("data-first") || matchMedia("(pointer: fine)").matches)) first.focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={drawer ? "dialog drawer" : "dialog"}
      aria-labelledby={id}
      onCancel={(event) => {
        // A file picker inside also says "cancel".
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        if (!busy) onClose();
      }}
    >
      <header class="dialog-head">
        <h2 id={id}>{title}</h2>
        <Button kind="quiet" icon={X} label={t.common.close} onClick={onClose} disabled={busy} />
      </header>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}

/** The buttons at the foot of a dialog; the one that goes on comes last. */
export function DialogFoot({ children }: { children: ComponentChildren }) {
  return <div class="dialog-foot">{children}</div>;
}
