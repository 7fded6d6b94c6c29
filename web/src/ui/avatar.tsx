import { initialsOf } from "../people/names.ts";
import "./avatar.css";

/** Initials on a quiet ground; never a stranger's photo. `here` marks somebody who is present now. Decoration: the name stands beside it. */
export function Avatar({ name, here = false, small = false }: { name: string; here?: boolean; small?: boolean }) {
  return <span class={`avatar${here ? " here" : ""}${small ? " small" : ""}`} aria-hidden="true">{initialsOf(name)}</span>;
}
