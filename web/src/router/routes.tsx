import type { ComponentChildren } from "preact";
import type { User } from "../api/types.ts";
import { NotFoundPage } from "../pages/not_found_page.tsx";
import { Lazy } from "./lazy.tsx";
import { idOf, match } from "./match.ts";

export interface Route { page: ComponentChildren; /** Without the bar above: the call. */ bare?: boolean }

/** The page of an address, for this person. Each is loaded when it is first opened. */
export function routeOf(path: string, user: User): Route {
  const call = match("/telemedicine/:id/call", path);
  const callId = idOf(call?.id);
  if (callId !== null) return { bare: true, page: <Lazy name="call" load={() => import("../pages/call/call_page.tsx")} props={{ id: callId }} /> };
  if (user.role !== "PATIENT" && match("/telemedicine", path)) return { page: <Lazy name="board" load={() => import("../pages/board/board_page.tsx")} props={{ user }} /> };
  return { page: <NotFoundPage /> };
}
