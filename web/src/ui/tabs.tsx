import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import "./tabs.css";

export interface Tab { key: string; label: string; body: () => ComponentChildren }

/** Tabs over one panel; arrows move between them. The owner keeps which one is open, usually in the address. */
export function Tabs({ label, tabs, open, onOpen }: { label: string; tabs: readonly Tab[]; open: string; onOpen: (key: string) => void }) {
  const id = useId();
  const current = tabs.find((tab) => tab.key === open) ?? tabs[0];
  if (!current) return null;
  const move = (event: KeyboardEvent) => {
    const at = tabs.indexOf(current);
    const go = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const next = go === undefined ? undefined : tabs[(go + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    onOpen(next.key);
    document.getElementById(`${id}-${next.key}`)?.focus();
  };
  return (
    <>
      <div class="under" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map((tab) => (
          <button key={tab.key} id={`${id}-${tab.key}`} type="button" role="tab" aria-selected={tab === current} aria-controls={`${id}-panel`} tabIndex={tab === current ? 0 : -1} onClick={() => onOpen(tab.key)}>
            {tab.label}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${current.key}`} tabIndex={0} class="tab-panel">{current.body()}</div>
    </>
  );
}
