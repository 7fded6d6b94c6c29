import { useEffect, useId, useRef, useState } from "preact/hooks";
import { explain, isAbort } from "../api/errors.ts";
import { t } from "../i18n/index.ts";
import { Field, type FieldProps } from "./field.tsx";
import "./combobox.css";

export interface Option { id: number; title: string; detail?: string }

interface Props<O extends Option> extends Omit<FieldProps, "class"> {
  value: O | null;
  onValue: (value: O | null) => void;
  /** Finds options for what was typed; "" asks for the first ones. */
  search: (text: string, signal: AbortSignal) => Promise<readonly O[]>;
  /** Said when nothing was found. */
  none: string;
}

/** One of many, found by typing. Arrows choose, Enter takes, Esc gives up. */
export function Combobox<O extends Option>({ value, onValue, search, none, ...field }: Props<O>) {
  const id = useId();
  const [text, setText] = useState(value?.title ?? "");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const [found, setFound] = useState<readonly O[] | null>(null);
  const [trouble, setTrouble] = useState("");
  const list = useRef<HTMLUListElement>(null);

  useEffect(() => setText(value?.title ?? ""), [value?.id]);
  useEffect(() => {
    if (!open) return;
    const abort = new AbortController();
    const wanted = value && text === value.title ? "" : text.trim();
    const timer = setTimeout(() => {
      search(wanted, abort.signal).then(
        (options) => {
          setFound(options);
          setTrouble("");
          setAt(Math.max(0, options.findIndex((option) => option.id === value?.id)));
        },
        (error: unknown) => { if (!isAbort(error)) setTrouble(explain(error)); },
      );
    }, found === null ? 0 : 180);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [open, text]);
  useEffect(() => { list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }); }, [at, found]);

  const take = (option: O) => {
    onValue(option);
    setText(option.title);
    setOpen(false);
  };
  const leave = () => {
    setOpen(false);
    setText(value?.title ?? "");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const count = found?.length ?? 0;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (open && count > 0) setAt((at + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
      setOpen(true);
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      const option = found?.[at];
      if (option) take(option);
    } else if (event.key === "Escape" && open) {
      // Only the list closes, not the dialog around it.
      event.preventDefault();
      event.stopPropagation();
      leave();
    }
  };

  return (
    <Field {...field}>
      {(control) => (
        <div class="combobox">
          <input
            {...control}
            class="input"
            role="combobox"
            autocomplete="off"
            spellcheck={false}
            aria-expanded={open}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={open && found?.[at] ? `${id}-${found[at].id}` : undefined}
            value={text}
            onFocus={(event) => event.currentTarget.select()}
            onClick={() => setOpen(true)}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setOpen(true);
              if (event.currentTarget.value === "") onValue(null);
            }}
            onKeyDown={onKeyDown}
            onBlur={leave}
          />
          {open ? (
            <ul ref={list} id={`${id}-list`} class="combobox-list" role="listbox" aria-label={t.common.suggestions}>
              {trouble ? <li class="combobox-none">{trouble}</li> : found === null ? <li class="combobox-none">{t.common.loading}</li> : found.length === 0 ? <li class="combobox-none">{none}</li> : found.map((option, index) => (
                // Chosen on press, before the input loses its focus.
                <li key={option.id} id={`${id}-${option.id}`} role="option" aria-selected={index === at} onMouseDown={(event) => { event.preventDefault(); take(option); }} onMouseMove={() => setAt(index)}>
                  <b>{option.title}</b>
                  {option.detail ? <span>{option.detail}</span> : null}
                </li>
              ))}
            </ul>
          ) : null}
        </div>
      )}
    </Field>
  );
}
