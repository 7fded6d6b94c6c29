import type { ComponentChildren } from "preact";
import "./facts.css";

/** Names and values, one under the other. */
export function Facts({ items }: { items: readonly ([string, ComponentChildren] | null)[] }) {
  return (
    <dl class="side-facts">
      {items.map((item) => (item ? <div key={item[0]}><dt>{item[0]}</dt><dd>{item[1]}</dd></div> : null))}
    </dl>
  );
}
