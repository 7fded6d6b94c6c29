import type { ComponentChildren } from "preact";
import "./notice.css";

/** What happened, what to do, and the button that does it. An error announces itself. */
export function Notice({ tone = "info", title, children, action }: { tone?: "info" | "attention" | "danger"; title?: string; children?: ComponentChildren; action?: ComponentChildren }) {
  return (
    <div class={tone === "info" ? "notice" : `notice ${tone}`} role={tone === "danger" ? "alert" : undefined}>
      <p>{title ? <b>{title} </b> : null}{children}</p>
      {action ? <div class="notice-action">{action}</div> : null}
    </div>
  );
}
