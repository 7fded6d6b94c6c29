import { useEffect, useState } from "preact/hooks";
import type { User } from "../api/types.ts";
import { t } from "../i18n/index.ts";
import { navigate } from "../router/location.ts";
import { Dialog } from "../ui/dialog.tsx";
import { sectionsOf } from "./access.ts";
import "./shortcuts.css";

const OPEN = "televisit:shortcuts";

/** Opens the list of shortcuts. */
export function openShortcuts(): void {
  dispatchEvent(new Event(OPEN));
}

/** Whether a key press belongs to what has the focus: text is being typed, or a dialog or menu is open. */
export function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target;
  if (target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))) return true;
  return document.querySelector("dialog[open], .menu:popover-open") !== null;
}

/** The keys of the application: `?` lists them, `/` searches, `n` begins something new, `g` and a letter goes to a section. */
export function Shortcuts({ user }: { user: User }) {
  const [open, setOpen] = useState(false);
  const sections = sectionsOf(user.role);
  useEffect(() => {
    const show = () => setOpen(true);
    let leader = 0;
    const onKey = (event: KeyboardEvent) => {
      // A call has its own keys.
      if (isTaken(event) || location.pathname.endsWith("/call")) return;
      const going = Date.now() - leader < 1_500;
      leader = 0;
      if (going) {
        const section = sections.find((one) => one.key === event.key);
        if (section) {
          event.preventDefault();
          navigate(section.path);
        }
        return;
      }
      if (event.key === "?") show();
      else if (event.key === "g") leader = Date.now();
      else if (event.key === "/" || event.key === "n") {
        const target = document.querySelector<HTMLElement>(event.key === "/" ? "[data-search]" : "[data-new]");
        if (!target) return;
        event.preventDefault();
        if (event.key === "/") target.focus();
        else target.click();
      }
    };
    addEventListener(OPEN, show);
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener(OPEN, show);
      removeEventListener("keydown", onKey);
    };
  }, [user.role]);
  if (!open) return null;
  return (
    <Dialog title={t.shortcuts.title} onClose={() => setOpen(false)}>
      <dl class="keys">
        <div><dt><kbd>?</kbd></dt><dd>{t.shortcuts.help}</dd></div>
        <div><dt><kbd>/</kbd></dt><dd>{t.shortcuts.search}</dd></div>
        <div><dt><kbd>n</kbd></dt><dd>{t.shortcuts.newThing}</dd></div>
        <div><dt><kbd>Esc</kbd></dt><dd>{t.shortcuts.close}</dd></div>
        {sections.map((section) => <div key={section.key}><dt><kbd>g</kbd> {t.shortcuts.thenKey} <kbd>{section.key}</kbd></dt><dd>{t.shortcuts.go(section.name)}</dd></div>)}
      </dl>
      <p class="faint">{t.shortcuts.inCall}</p>
    </Dialog>
  );
}
