import type { Role } from "../api/types.ts";
import { t } from "../i18n/index.ts";

/** A part of the application that a person of the clinic works in. */
export interface Section { path: string; name: string; /** The second key of the "g ..." shortcut. */ key: string }

const SECTIONS = {
  board: { path: "/telemedicine", name: t.shell.today, key: "t" },
  patients: { path: "/patients", name: t.shell.patients, key: "p" },
  visits: { path: "/visits", name: t.shell.visits, key: "v" },
  billing: { path: "/billing", name: t.shell.billing, key: "b" },
  appointments: { path: "/appointments", name: t.shell.appointments, key: "a" },
  services: { path: "/services", name: t.shell.services, key: "s" },
  users: { path: "/users", name: t.shell.users, key: "u" },
  audit: { path: "/audit", name: t.shell.audit, key: "l" },
} as const satisfies Record<string, Section>;

const STAFF = [SECTIONS.board, SECTIONS.patients, SECTIONS.visits, SECTIONS.appointments];

/** The sections a role sees, the most used first. The server decides what is allowed; this only spares people dead ends. */
export function sectionsOf(role: Role): readonly Section[] {
  switch (role) {
    case "PATIENT": return [];
    case "DOCTOR":
    case "NURSE": return STAFF;
    case "RECEPTIONIST": return [SECTIONS.board, SECTIONS.patients, SECTIONS.billing, SECTIONS.visits, SECTIONS.appointments];
    case "ADMIN": return [SECTIONS.board, SECTIONS.patients, SECTIONS.visits, SECTIONS.billing, SECTIONS.appointments, SECTIONS.services, SECTIONS.users, SECTIONS.audit];
  }
}

/** Where a role begins after signing in. */
export function startOf(role: Role): string {
  return role === "PATIENT" ? "/" : SECTIONS.board.path;
}

/** Where to go after signing in: the address that was asked for, when it is one of this application, else the start page. */
export function afterLogin(next: string | null, role: Role): string {
  if (!next || !/^\/(?![/\\])/.test(next) || next.startsWith("/login")) return startOf(role);
  if (next === "/") return startOf(role);
  if (role === "PATIENT" && !/^\/telemedicine\/\d+/.test(next)) return "/";
  return next;
}
