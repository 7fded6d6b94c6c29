import type { ComponentChildren } from "preact";
import type { Role, User } from "../api/types.ts";
import { ForbiddenPage, NotFoundPage } from "../pages/not_found_page.tsx";
import { Lazy } from "./lazy.tsx";
import { idOf, match } from "./match.ts";

export interface Route { page: ComponentChildren; /** Without the bar above: the call. */ bare?: boolean }

/** The page of an address, for this person. Each is loaded when it is first opened. */
export function routeOf(path: string, user: User): Route {
  const call = match("/telemedicine/:id/call", path);
  const callId = idOf(call?.id);
  if (callId !== null) return { bare: true, page: <Lazy name="call" load={() => import("../pages/call/call_page.tsx")} props={{ id: callId }} /> };
  if (match("/", path) && user.role === "PATIENT") return { page: <Lazy name="home" load={() => import("../pages/home/home_page.tsx")} props={{ user }} /> };
  // Compiled away in a build: the page of the components is for whoever works on them.
  if (import.meta.env.DEV && match("/ui", path)) return { page: <Lazy name="ui" load={() => import("../pages/ui_page.tsx")} props={{}} /> };
  const section = SECTIONS.find((one) => match(one.path, path));
  if (section) return { page: section.roles.includes(user.role) ? section.page(user) : <ForbiddenPage user={user} /> };
  for (const record of RECORDS) {
    const id = idOf(match(`${record.path}/:id`, path)?.id);
    if (id !== null) return { page: record.roles.includes(user.role) ? record.page(id, user) : <ForbiddenPage user={user} /> };
  }
  return { page: <NotFoundPage /> };
}

const DESK: readonly Role[] = ["RECEPTIONIST", "ADMIN"];
const STAFF: readonly Role[] = ["DOCTOR", "NURSE", ...DESK];

// The server decides who may do what; the roles here only spare people pages that would stay empty.
const SECTIONS: readonly { path: string; roles: readonly Role[]; page: (user: User) => ComponentChildren }[] = [
  { path: "/telemedicine", roles: STAFF, page: (user) => <Lazy name="board" load={() => import("../pages/board/board_page.tsx")} props={{ user }} /> },
  { path: "/patients", roles: STAFF, page: (user) => <Lazy name="patients" load={() => import("../pages/patients/patients_page.tsx")} props={{ user }} /> },
  { path: "/visits", roles: STAFF, page: (user) => <Lazy name="visits" load={() => import("../pages/visits/visits_page.tsx")} props={{ user }} /> },
  { path: "/billing", roles: DESK, page: (user) => <Lazy name="billing" load={() => import("../pages/billing/billing_page.tsx")} props={{ user }} /> },
  { path: "/appointments", roles: STAFF, page: (user) => <Lazy name="appointments" load={() => import("../pages/appointments/appointments_page.tsx")} props={{ user }} /> },
  { path: "/services", roles: ["ADMIN"], page: () => <Lazy name="services" load={() => import("../pages/billing/services_page.tsx")} props={{}} /> },
  { path: "/users", roles: ["ADMIN"], page: (user) => <Lazy name="users" load={() => import("../pages/admin/users_page.tsx")} props={{ user }} /> },
  { path: "/audit", roles: ["ADMIN"], page: () => <Lazy name="audit" load={() => import("../pages/admin/audit_page.tsx")} props={{}} /> },
];

const RECORDS: readonly { path: string; roles: readonly Role[]; page: (id: number, user: User) => ComponentChildren }[] = [
  { path: "/telemedicine", roles: [...STAFF, "PATIENT"], page: (id, user) => <Lazy name="session" load={() => import("../pages/sessions/session_page.tsx")} props={{ id, user }} /> },
  { path: "/patients", roles: STAFF, page: (id, user) => <Lazy name="patient" load={() => import("../pages/patients/patient_page.tsx")} props={{ id, user }} /> },
  { path: "/visits", roles: STAFF, page: (id, user) => <Lazy name="visit" load={() => import("../pages/visits/visit_page.tsx")} props={{ id, user }} /> },
];
