import type { ComponentChildren } from "preact";
import "./facts.css";

export type FactItem = readonly [name: string, value: ComponentChildren];

/** One name with its value. */
export const fact = (name: string, value: ComponentChildren): FactItem => [name, value];

/** Names and values, one under the other. */
export function Facts({ items }: { items: readonly (FactItem | null)[] }) {
  return (
    <dl class="side-facts">
      {items.map((item) => (item ? <div key={item[0]}><dt>{item[0]}</dt><dd>{item[1]}</dd></div> : null))}
    </dl>
  );
}
