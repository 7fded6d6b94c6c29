import type { IconNode } from "lucide";
import type { ButtonHTMLAttributes, ComponentChildren } from "preact";
import { Icon } from "./icon.tsx";
import "./button.css";

export type ButtonKind = "primary" | "plain" | "danger" | "quiet";

interface Own {
  kind?: ButtonKind;
  icon?: IconNode;
  /** The name of a button that shows only its icon. */
  label?: string;
  /** Full width and taller: the one thing to do on a phone screen. */
  wide?: boolean;
  children?: ComponentChildren;
}

const classOf = ({ kind = "plain", wide, label }: Own, extra: unknown) =>
  ["button", kind === "plain" ? "" : kind, wide ? "wide" : "", label ? "icon-only" : "", typeof extra === "string" ? extra : ""].filter(Boolean).join(" ");

/** A button. While `busy` it shows a turning mark, keeps its size and takes no second click; it stays focusable. */
export function Button({ kind, icon, label, wide, busy = false, children, class: extra, onClick, type = "button", ...rest }: Own & { busy?: boolean } & Omit<ButtonHTMLAttributes<HTMLButtonElement>, "icon" | "label">) {
  return (
    <button
      {...rest}
      type={type}
      class={classOf({ ...(kind ? { kind } : {}), ...(wide ? { wide } : {}), ...(label ? { label } : {}) }, extra)}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      aria-label={label}
      title={label}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {icon ? <Icon of={icon} /> : null}
      {children}
    </button>
  );
}

/** A link that looks like a button: for going somewhere, never for doing something. */
export function LinkButton({ href, kind, icon, label, wide, children, class: extra }: Own & { href: string; class?: string }) {
  return (
    <a href={href} class={classOf({ ...(kind ? { kind } : {}), ...(wide ? { wide } : {}), ...(label ? { label } : {}) }, extra)} aria-label={label} title={label}>
      {icon ? <Icon of={icon} /> : null}
      {children}
    </a>
  );
}
