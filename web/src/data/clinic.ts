// What every page knows: who is signed in, the clinic, the time.
import { useEffect, useState } from "preact/hooks";
import { auth, client, live } from "../api/index.ts";
import type { LiveState } from "../api/live.ts";
import type { Info, User } from "../api/types.ts";
import { ownZone } from "../time/zone.ts";

const INFO = "televisit.info";

let info: Info | null = readInfo();
const infoListeners = new Set<() => void>();

function readInfo(): Info | null {
  try {
    return JSON.parse(localStorage.getItem(INFO) ?? "null") as Info | null;
  } catch {
    return null;
  }
}

/** Asks the server about the clinic. The last answer is kept, so that only the very first visit has to wait for it. */
export async function loadInfo(): Promise<void> {
  info = await client.get<Info>("info/", { open: true });
  localStorage.setItem(INFO, JSON.stringify(info));
  for (const listener of infoListeners) listener();
}

/** The clinic, or null until the server has told of it for the first time. */
export function useInfo(): Info | null {
  const [, setTurn] = useState(0);
  useEffect(() => {
    const listener = () => setTurn((before) => before + 1);
    infoListeners.add(listener);
    return () => { infoListeners.delete(listener); };
  }, []);
  return info;
}

/** Who is signed in, or null. */
export function useUser(): User | null {
  const [user, setUser] = useState(auth.user);
  useEffect(() => auth.watch(setUser), []);
  return user;
}

/** The zone times are shown in: the clinic's for its staff, the patient's own for the patient. */
export function useZone(): string {
  const user = useUser();
  const about = useInfo();
  return user?.role === "PATIENT" || !about ? ownZone() : about.time_zone;
}

/** How the live connection is doing. */
export function useLiveState(): LiveState {
  const [state, setState] = useState(live.state);
  useEffect(() => {
    setState(live.state());
    return live.onState(setState);
  }, []);
  return state;
}

// How far the server's clock is ahead of this one: waits are counted in its time.
let ahead = 0;

/** Learns the server's time from an answer that carries it. */
export function learnNow(serverNow: string): void {
  const at = Date.parse(serverNow);
  if (!Number.isNaN(at)) ahead = at - Date.now();
}

/** The time now, by the server's clock. */
export function now(): Date {
  return new Date(Date.now() + ahead);
}

/** The time now, rendering again every `everyMs`. */
export function useNow(everyMs: number): Date {
  const [at, setAt] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setAt(now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return at;
}
