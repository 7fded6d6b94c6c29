import type { ComponentChildren } from "preact";
import "./badge.css";

export type Tone = "plain" | "good" | "attention" | "danger" | "info";

/** A word and a mark, never colour alone. */
export function Badge({ tone = "plain", children, title }: { tone?: Tone; children: ComponentChildren; title?: string }) {
  return <span class={tone === "plain" ? "badge" : `badge ${tone}`} title={title}>{children}</span>;
}
