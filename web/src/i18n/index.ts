// One language so far; another is another object of the same shape.
import { en } from "./en.ts";

export type Strings = typeof en;
export const t: Strings = en;
