import type { IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";
import { place } from "./place.ts";
import "./menu.css";

export interface MenuItem {
  label: string;
  icon?: IconNode;
  href?: string;
  onSelect?: () => void;
  danger?: boolean;
  /** For a choice among the items: whether this one is taken. */
  checked?: boolean;
}

interface Props {
  /** The name of the menu, read out. */
  label: string;
  button: ComponentChildren;
  /** The classes of the button that opens it. */
  buttonClass?: string;
  /** Groups of items; a line stands between two groups. */
  groups: readonly (readonly MenuItem[])[];
  /** Words above the items, such as who is signed in. */
  heading?: ComponentChildren;
}

/** A button that opens a menu on the Popover API: arrows move, Esc closes, a click beside it closes. */
export function Menu({ label, button, buttonClass = "button quiet icon-only", groups, heading }: Props) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const items = () => Array.from(list.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? []);

  const close = () => {
    list.current?.hidePopover();
    opener.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const go = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (go !== undefined) {
      event.preventDefault();
      all.at(((go % all.length) + all.length) % all.length)?.focus();
    } else if (event.key === "Tab") list.current?.hidePopover();
    else if (/^\p{L}$/u.test(event.key)) {
      const letter = event.key.toLowerCase();
      const next = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((item) => item.textContent?.trim().toLowerCase().startsWith(letter));
      next?.focus();
    }
  };

  return (
    <>
      <button
        ref={opener}
        type="button"
        class={buttonClass}
        popovertarget={id}
        aria-haspopup="menu"
        aria-label={label}
        title={label}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") {
            event.preventDefault();
            list.current?.showPopover();
          }
        }}
      >
        {button}
      </button>
      <div
        ref={list}
        id={id}
        class="menu"
        popover="auto"
        role="menu"
        aria-label={label}
        onKeyDown={onKeyDown}
        onToggle={(event) => {
          if (event.newState !== "open" || !list.current || !opener.current) return;
          place(list.current, opener.current);
          items()[0]?.focus();
        }}
      >
        {heading ? <div class="menu-heading" role="presentation">{heading}</div> : null}
        {groups.filter((group) => group.length > 0).map((group, index) => (
          <div key={index} role="group" class="menu-group">
            {group.map((item) => {
              const role = item.checked === undefined ? "menuitem" : "menuitemradio";
              const body = <>{item.icon ? <Icon of={item.icon} /> : null}<span>{item.label}</span></>;
              const props = { role, class: item.danger ? "menu-item danger" : "menu-item", tabIndex: -1, "aria-checked": item.checked } as const;
              return item.href
                ? <a key={item.label} {...props} href={item.href} onClick={() => list.current?.hidePopover()}>{body}</a>
                : <button key={item.label} {...props} type="button" onClick={() => { close(); item.onSelect?.(); }}>{body}</button>;
            })}
          </div>
        ))}
      </div>
    </>
  );
}
