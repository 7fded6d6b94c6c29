import { ApiError } from "./errors.ts";
import type { Lock } from "./lock.ts";
import type { User } from "./types.ts";

/** Renew this many milliseconds before the access token dies, so that no request runs into it. */
const EARLY_MS = 60_000;
/** What is assumed when the token does not say how long it lives. */
const LIFETIME_MS = 15 * 60_000;

const SESSION = "televisit.session";
const ACCESS = "televisit.access";

interface Tokens { access: string; refresh: string; user: User }
interface Stored { refresh: string; user: User }
interface Access { token: string; until: number; user: number }

/** Why nobody is signed in any more. */
export type SignedOutBecause = "asked" | "expired" | "other_tab";

export interface Parts {
  fetch: typeof fetch;
  /** Shared by all tabs; holds the refresh token and who is signed in. */
  shared: Storage;
  /** Of this tab alone; holds the access token so that a reload needs no refresh: a refresh whose answer a reload cuts off would end the whole session. */
  tab: Storage;
  lock: Lock;
  /** Tells the other tabs of a new access token. */
  channel: Pick<BroadcastChannel, "postMessage" | "addEventListener"> | null;
  now: () => number;
}

export interface Auth {
  user(): User | null;
  /** Called at every change of who is signed in. */
  watch(listener: (user: User | null, because: SignedOutBecause | null) => void): () => void;
  login(username: string, password: string): Promise<User>;
  /** A living access token. `dead` is one the server has just refused. Throws a 401 when nobody is signed in. */
  token(dead?: string): Promise<string>;
  /** Ends the session here and, when it can be reached, on the server. */
  logout(): Promise<void>;
  /** The shared storage changed under us: another tab signed in or out. */
  sharedChanged(): void;
  /** The server says who we are: keep it. */
  learn(user: User): void;
}

/**
 * Keeps one person signed in across all tabs of the browser.
 *
 * A refresh token works once, and using it twice ends the session, so a refresh happens under a lock that all tabs share and always reads the stored token anew inside it.
 */
export function createAuth(parts: Parts): Auth {
  const listeners = new Set<(user: User | null, because: SignedOutBecause | null) => void>();
  let stored = readStored(parts.shared);
  let access = readAccess(parts.tab, stored);
  let refreshing: Promise<string> | null = null;

  parts.channel?.addEventListener("message", (event: Event) => {
    const message = (event as MessageEvent).data as { access?: Access } | null;
    if (message?.access && message.access.user === stored?.user.id) keepAccess(message.access);
  });

  function keepAccess(next: Access | null) {
    access = next;
    if (next) parts.tab.setItem(ACCESS, JSON.stringify(next));
    else parts.tab.removeItem(ACCESS);
  }

  function keep(tokens: Tokens) {
    const changed = stored?.user.id !== tokens.user.id;
    stored = { refresh: tokens.refresh, user: tokens.user };
    parts.shared.setItem(SESSION, JSON.stringify(stored));
    keepAccess({ token: tokens.access, until: parts.now() + lifetimeOf(tokens.access), user: tokens.user.id });
    parts.channel?.postMessage({ access });
    if (changed) for (const listener of listeners) listener(tokens.user, null);
  }

  function drop(because: SignedOutBecause) {
    stored = null;
    keepAccess(null);
    for (const listener of listeners) listener(null, because);
  }

  async function post(path: string, body: unknown): Promise<Tokens> {
    let response: Response;
    try {
      response = await parts.fetch(`/api/v1/auth/${path}/`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify(body),
        cache: "no-store",
        // Lets the server's answer arrive even when the page is being left: a refresh half done signs the person out.
        keepalive: true,
      });
    } catch {
      throw new ApiError(0, null);
    }
    const answer: unknown = await response.json().catch(() => null);
    if (!response.ok) throw new ApiError(response.status, answer, Number(response.headers.get("Retry-After")) || null);
    return answer as Tokens;
  }

  async function refresh(dead: string | undefined): Promise<string> {
    return parts.lock("televisit.refresh", async () => {
      // While we waited for the lock another tab may have done it, signed out, or signed in as somebody else.
      stored = readStored(parts.shared);
      if (!stored) {
        drop("other_tab");
        throw new ApiError(401, null);
      }
      if (access && access.token !== dead && access.user === stored.user.id && access.until - EARLY_MS > parts.now()) return access.token;
      try {
        const tokens = await post("refresh", { refresh: stored.refresh });
        keep({ ...tokens, user: tokens.user ?? stored.user });
        return tokens.access;
      } catch (error) {
        if (error instanceof ApiError && (error.status === 401 || error.status === 403 || error.status === 400)) {
          parts.shared.removeItem(SESSION);
          drop("expired");
        }
        throw error;
      }
    });
  }

  return {
    user: () => stored?.user ?? null,
    watch(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
    async login(username, password) {
      const tokens = await post("login", { username, password });
      stored = null;
      keep(tokens);
      return tokens.user;
    },
    async token(dead) {
      if (!stored) throw new ApiError(401, null);
      if (access && access.token !== dead) {
        if (access.until - EARLY_MS > parts.now()) return access.token;
        // Still alive: a failing network must not stop a request that would have been let in.
        if (access.until > parts.now() + 5_000) {
          const alive = access.token;
          refreshing ??= refresh(dead).finally(() => { refreshing = null; });
          return refreshing.catch((error: unknown) => {
            if (error instanceof ApiError && error.status === 401) throw error;
            return alive;
          });
        }
      }
      refreshing ??= refresh(dead).finally(() => { refreshing = null; });
      return refreshing;
    },
    async logout() {
      const token = access?.token;
      const gone = stored?.refresh;
      parts.shared.removeItem(SESSION);
      drop("asked");
      if (!gone) return;
      try {
        await parts.fetch("/api/v1/auth/logout/", {
          method: "POST",
          headers: { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) },
          body: JSON.stringify({ refresh: gone }),
          keepalive: true,
        });
      } catch {
        // Signed out here all the same; on the server the session runs out by itself.
      }
    },
    sharedChanged() {
      const next = readStored(parts.shared);
      if (next && stored && next.user.id === stored.user.id) {
        stored = next;
        return;
      }
      if (!next) {
        if (stored) drop("other_tab");
        return;
      }
      stored = next;
      keepAccess(null);
      for (const listener of listeners) listener(next.user, null);
    },
    learn(user) {
      if (!stored || stored.user.id !== user.id || JSON.stringify(stored.user) === JSON.stringify(user)) return;
      // The refresh token is read anew: another tab may have rotated it since.
      stored = { refresh: readStored(parts.shared)?.refresh ?? stored.refresh, user };
      parts.shared.setItem(SESSION, JSON.stringify(stored));
      for (const listener of listeners) listener(user, null);
    },
  };
}

/** How long a token lives by its own claims, in milliseconds. The difference of the claims, so that a wrong clock on the device does not matter. */
export function lifetimeOf(token: string): number {
  try {
    const claims = JSON.parse(atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"))) as { exp?: number; iat?: number };
    if (typeof claims.exp === "number" && typeof claims.iat === "number" && claims.exp > claims.iat) return (claims.exp - claims.iat) * 1000;
  } catch {
    // Not a token we can read; the usual lifetime applies.
  }
  return LIFETIME_MS;
}

function readStored(storage: Storage): Stored | null {
  const value = readJson(storage, SESSION) as Stored | null;
  return value && typeof value.refresh === "string" && typeof value.user?.id === "number" ? value : null;
}

function readAccess(storage: Storage, stored: Stored | null): Access | null {
  const value = readJson(storage, ACCESS) as Access | null;
  // A duplicated tab copies the storage of its origin, perhaps of another person.
  return value && stored && value.user === stored.user.id && typeof value.token === "string" ? value : null;
}

function readJson(storage: Storage, key: string): unknown {
  try {
    return JSON.parse(storage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}
