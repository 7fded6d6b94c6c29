import type { IconNode } from "lucide";
import { h } from "preact";

/** A lucide icon, 18 px, in the colour of the text around it. Decoration only: the words beside it or the label of its button say what it means. */
export function Icon({ of, class: extra }: { of: IconNode; class?: string }) {
  return (
    <svg class={`icon${extra ? ` ${extra}` : ""}`} viewBox="0 0 24 24" aria-hidden="true">
      {of.map(([tag, attributes]) => h(tag, attributes as Record<string, string>))}
    </svg>
  );
}
