import type { ComponentChildren, InputHTMLAttributes, LooseInputHTMLAttributes, SelectHTMLAttributes, TextareaHTMLAttributes } from "preact";
import { useId } from "preact/hooks";
import { t } from "../i18n/index.ts";
import "./field.css";

/** What a control inside a field needs to belong to its label, hint and error. */
export interface ControlProps { id: string; "aria-invalid": true | undefined; "aria-describedby": string | undefined; required: boolean }

export interface FieldProps {
  label: string;
  hint?: ComponentChildren;
  /** What is wrong and how to mend it; takes the place of the hint. */
  error?: string;
  /** Marked as optional; everything else is required. */
  optional?: boolean;
  class?: string;
}

/** Label, control, then hint or error. The room for one line below is always kept, so that an error moves nothing. */
export function Field({ label, hint, error, optional = false, class: extra, children }: FieldProps & { children: (control: ControlProps) => ComponentChildren }) {
  const id = useId();
  const described = error || hint ? `${id}-about` : undefined;
  return (
    <div class={`field${error ? " wrong" : ""}${extra ? ` ${extra}` : ""}`}>
      <label for={id}>{label}{optional ? <span class="optional"> {t.common.optional}</span> : null}</label>
      {children({ id, "aria-invalid": error ? true : undefined, "aria-describedby": described, required: !optional })}
      {error ? <span class="error" id={described} role="alert">{error}</span> : hint ? <span class="hint" id={described}>{hint}</span> : null}
    </div>
  );
}

type Text = FieldProps & { value: string; onValue: (value: string) => void };

// Preact's own type is a union over every kind of input; a wrapper cannot spread that.
type InputRest = Omit<LooseInputHTMLAttributes, "label" | "value" | "class">;
type SelectRest = Omit<SelectHTMLAttributes<HTMLSelectElement>, "label" | "value" | "class" | "role" | "multiple" | "size">;

/** One line of text, or another kind of input that speaks in text. */
export function TextField({ label, hint, error, optional, class: extra, value, onValue, ...rest }: Text & InputRest) {
  return (
    <Field label={label} hint={hint} {...only({ error, optional, class: extra })}>
      {(control) => <input autocomplete="off" {...(rest as InputHTMLAttributes)} {...control} class="input" value={value} onInput={(event) => onValue(event.currentTarget.value)} />}
    </Field>
  );
}

/** Several lines of text. */
export function TextArea({ label, hint, error, optional, class: extra, value, onValue, ...rest }: Text & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "label" | "value" | "class">) {
  return (
    <Field label={label} hint={hint} {...only({ error, optional, class: extra })}>
      {(control) => <textarea rows={3} {...rest} {...control} class="input" value={value} onInput={(event) => onValue(event.currentTarget.value)} />}
    </Field>
  );
}

export interface Choice { value: string; label: string }

/** One of a few; for many use the combobox. */
export function SelectField({ label, hint, error, optional, class: extra, value, onValue, choices, ...rest }: Text & { choices: readonly Choice[] } & SelectRest) {
  return (
    <Field label={label} hint={hint} {...only({ error, optional, class: extra })}>
      {(control) => <Select {...rest} {...control} value={value} onValue={onValue} choices={choices} />}
    </Field>
  );
}

/** The bare select, for a place that names it otherwise (`aria-label`). */
export function Select({ value, onValue, choices, class: extra, ...rest }: { value: string; onValue: (value: string) => void; choices: readonly Choice[]; class?: string } & SelectRest) {
  return (
    <select {...rest} class={`input${extra ? ` ${extra}` : ""}`} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
      {choices.map((choice) => <option key={choice.value} value={choice.value} selected={choice.value === value}>{choice.label}</option>)}
    </select>
  );
}

/** A tick with words; the whole of it can be pressed. */
export function Checkbox({ label, hint, checked, onChecked, disabled = false }: { label: ComponentChildren; hint?: ComponentChildren; checked: boolean; onChecked: (checked: boolean) => void; disabled?: boolean }) {
  return (
    <label class="choice">
      <input type="checkbox" checked={checked} disabled={disabled} onChange={(event) => onChecked(event.currentTarget.checked)} />
      <span>{label}{hint ? <span class="hint">{hint}</span> : null}</span>
    </label>
  );
}

/** A few choices that are all worth seeing at once. */
export function RadioGroup({ label, value, onValue, choices }: { label: string; value: string; onValue: (value: string) => void; choices: readonly (Choice & { hint?: string; disabled?: boolean })[] }) {
  const name = useId();
  return (
    <fieldset class="radios">
      <legend>{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} class="choice">
          <input type="radio" name={name} value={choice.value} checked={choice.value === value} disabled={choice.disabled} onChange={() => onValue(choice.value)} />
          <span>{choice.label}{choice.hint ? <span class="hint">{choice.hint}</span> : null}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Leaves out what is undefined, as exact optional properties want it. */
function only<T extends object>(props: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
