import type { ComponentChildren } from "preact";
import "./timeline.css";

export interface TimelineItem { key: string; when: ComponentChildren; title: ComponentChildren; detail?: ComponentChildren; tone?: "good" | "attention" | "danger" }

/** What happened, in order, oldest first. */
export function Timeline({ items }: { items: readonly TimelineItem[] }) {
  return (
    <ol class="timeline">
      {items.map((item) => (
        <li key={item.key} class={item.tone}>
          <span class="timeline-when number">{item.when}</span>
          <div><b>{item.title}</b>{item.detail ? <div class="soft">{item.detail}</div> : null}</div>
        </li>
      ))}
    </ol>
  );
}
