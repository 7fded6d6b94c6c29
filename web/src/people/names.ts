import type { Gender, User } from "../api/types.ts";
import { t } from "../i18n/index.ts";

/** "AW" of "Dr Amina Wanjiru": first letters of the first and the last name, titles left out. */
export function initialsOf(name: string): string {
  const parts = name.split(/\s+/).filter((part) => part && !/^(dr|prof|mr|mrs|ms|sr)\.?$/i.test(part));
  const letters = [parts[0], parts.length > 1 ? parts.at(-1) : undefined].map((part) => Array.from(part ?? "")[0] ?? "");
  return letters.join("").toUpperCase() || "?";
}

/** "Amina Wanjiru", or the username of somebody without a name. */
export function fullName(user: Pick<User, "first_name" | "last_name" | "username">): string {
  return `${user.first_name} ${user.last_name}`.trim() || user.username;
}

/** How a person of the clinic is addressed: doctors with their title. */
export function addressOf(user: Pick<User, "first_name" | "last_name" | "username" | "role">): string {
  return user.role === "DOCTOR" ? withTitle(fullName(user)) : fullName(user);
}

/** "Dr Amina Wanjiru"; a name that brings its title keeps it. */
export function withTitle(name: string): string {
  return name === "" || /^(dr|prof)\b/i.test(name) ? name : t.common.doctorTitle(name);
}

/** "36 y, male"; what is unknown is left out. */
export function aboutPatient(patient: { age: number | null; gender: Gender }): string {
  const parts = [patient.age === null ? "" : t.common.years(patient.age), t.genderShort[patient.gender] ?? ""];
  return parts.filter(Boolean).join(", ");
}
