import { Search } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";
import "./search_field.css";

/** A search that acts a moment after the last key. `/` brings the focus here. */
export function SearchField({ label, value, onValue }: { label: string; value: string; onValue: (value: string) => void }) {
  const [text, setText] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onValue(text.trim()), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <search class="search">
      <Icon of={Search} />
      <input ref={input} class="input" type="search" data-search aria-label={label} placeholder={label} autocomplete="off" spellcheck={false} value={text} onInput={(event) => setText(event.currentTarget.value)} />
    </search>
  );
}
