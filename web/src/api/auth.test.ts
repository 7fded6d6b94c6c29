import { describe, expect, it, vi } from "vitest";
import { createAuth, lifetimeOf, type Parts } from "./auth.ts";
import { ApiError } from "./errors.ts";
import { queueLock, type Lock } from "./lock.ts";

const USER = { id: 2, username: "doctor", email: "", first_name: "Amina", last_name: "Wanjiru", role: "DOCTOR", specialization: "", is_active: true, date_joined: "" } as const;

function storage(): Storage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => { values.set(key, value); },
    removeItem: (key) => { values.delete(key); },
    clear: () => values.clear(),
    key: () => null,
    get length() { return values.size; },
  };
}

const token = (serial: number) => `${serial}.${btoa(JSON.stringify({ iat: 1_000, exp: 1_900 }))}.x`;

/** A server that keeps the one rule that matters: a refresh token works once, and a reused one ends the session. */
function server() {
  let serial = 0;
  let live = "";
  let dead = false;
  const calls: string[] = [];
  const answer = (status: number, body: unknown) => Promise.resolve(new Response(JSON.stringify(body), { status }));
  const fetch = vi.fn((input: RequestInfo | URL, init?: RequestInit) => {
    const path = String(input).replace("/api/v1/auth/", "");
    const body = JSON.parse(String(init?.body)) as { refresh?: string };
    calls.push(path);
    if (path === "logout/") return answer(204, null).catch(() => new Response(null, { status: 204 }));
    if (path === "refresh/" && (dead || body.refresh !== live)) {
      dead = true;
      return answer(401, { detail: "The session has ended.", code: "session_ended" });
    }
    serial += 1;
    live = `refresh-${serial}`;
    dead = false;
    return answer(200, { access: token(serial), refresh: live, user: USER });
  });
  return { fetch: fetch as unknown as typeof globalThis.fetch, calls, refreshes: () => calls.filter((path) => path === "refresh/").length };
}

/** Two tabs of one browser share storage and lock; messages between them arrive late or never. */
function tab(parts: Pick<Parts, "fetch" | "shared"> & { lock: Lock; now: () => number }) {
  return createAuth({ ...parts, tab: storage(), channel: null });
}

describe("signing in", () => {
  it("keeps the person and gives the token to requests", async () => {
    const { fetch } = server();
    const auth = tab({ fetch, shared: storage(), lock: queueLock(), now: () => 0 });
    expect(await auth.login("doctor", "secret")).toMatchObject({ username: "doctor" });
    expect(auth.user()?.id).toBe(2);
    expect(await auth.token()).toBe(token(1));
  });

  it("throws the server's words when the password is wrong and signs nobody in", async () => {
    const fetch = () => Promise.resolve(new Response(JSON.stringify({ detail: "Wrong name or password.", code: "wrong_password" }), { status: 401 }));
    const auth = tab({ fetch: fetch as typeof globalThis.fetch, shared: storage(), lock: queueLock(), now: () => 0 });
    await expect(auth.login("doctor", "no")).rejects.toThrow("Wrong name or password.");
    expect(auth.user()).toBeNull();
  });
});

describe("the access token", () => {
  it("is renewed before it dies, once for all requests of a tab", async () => {
    const { fetch, refreshes } = server();
    let now = 0;
    const auth = tab({ fetch, shared: storage(), lock: queueLock(), now: () => now });
    await auth.login("doctor", "secret");
    now = 900_000 - 59_000;
    const tokens = await Promise.all([auth.token(), auth.token(), auth.token()]);
    expect(new Set(tokens)).toEqual(new Set([token(2)]));
    expect(refreshes()).toBe(1);
  });

  it("is renewed by two tabs at the same time without ending the session", async () => {
    const { fetch } = server();
    const shared = storage();
    const lock = queueLock();
    let now = 0;
    const one = tab({ fetch, shared, lock, now: () => now });
    await one.login("doctor", "secret");
    const other = tab({ fetch, shared, lock, now: () => now });
    now = 1_000_000;
    await Promise.all([one.token(), other.token()]);
    now = 2_000_000;
    await Promise.all([other.token(), one.token()]);
    expect(one.user()).not.toBeNull();
    expect(other.user()).not.toBeNull();
  });

  it("that the server refuses is renewed even if it looks alive", async () => {
    const { fetch } = server();
    const auth = tab({ fetch, shared: storage(), lock: queueLock(), now: () => 0 });
    await auth.login("doctor", "secret");
    expect(await auth.token(token(1))).toBe(token(2));
  });

  it("still alive is used when a renewal fails for want of a network", async () => {
    const { fetch } = server();
    let now = 0;
    let down = false;
    const auth = tab({ fetch: ((...args: Parameters<typeof fetch>) => (down ? Promise.reject(new TypeError("down")) : fetch(...args))) as typeof fetch, shared: storage(), lock: queueLock(), now: () => now });
    await auth.login("doctor", "secret");
    now = 870_000;
    down = true;
    expect(await auth.token()).toBe(token(1));
    expect(auth.user()).not.toBeNull();
  });

  it("is not given after its death when the network is away, and the person stays signed in", async () => {
    const { fetch } = server();
    let now = 0;
    let down = false;
    const auth = tab({ fetch: ((...args: Parameters<typeof fetch>) => (down ? Promise.reject(new TypeError("down")) : fetch(...args))) as typeof fetch, shared: storage(), lock: queueLock(), now: () => now });
    await auth.login("doctor", "secret");
    now = 1_000_000;
    down = true;
    await expect(auth.token()).rejects.toMatchObject({ status: 0 });
    expect(auth.user()).not.toBeNull();
    down = false;
    expect(await auth.token()).toBe(token(2));
  });

  it("lives as long as its own claims say, whatever the device's clock shows", () => {
    expect(lifetimeOf(token(1))).toBe(900_000);
    expect(lifetimeOf("not a token")).toBe(900_000);
    expect(lifetimeOf(`x.${btoa(JSON.stringify({ iat: 5, exp: 65 }))}.y`)).toBe(60_000);
  });
});

describe("signing out", () => {
  it("happens by itself when the server has ended the session, and says so", async () => {
    const { fetch } = server();
    let now = 0;
    const shared = storage();
    const auth = tab({ fetch, shared, lock: queueLock(), now: () => now });
    await auth.login("doctor", "secret");
    shared.setItem("televisit.session", JSON.stringify({ refresh: "stolen and used", user: USER }));
    const reasons: unknown[] = [];
    auth.watch((user, because) => reasons.push([user, because]));
    now = 1_000_000;
    await expect(auth.token()).rejects.toBeInstanceOf(ApiError);
    expect(reasons).toEqual([[null, "expired"]]);
    expect(shared.getItem("televisit.session")).toBeNull();
  });

  it("in one tab signs the others out", async () => {
    const { fetch } = server();
    const shared = storage();
    const one = tab({ fetch, shared, lock: queueLock(), now: () => 0 });
    await one.login("doctor", "secret");
    const other = tab({ fetch, shared, lock: queueLock(), now: () => 0 });
    await one.logout();
    other.sharedChanged();
    expect(other.user()).toBeNull();
    await expect(other.token()).rejects.toMatchObject({ status: 401 });
  });

  it("works with the network away", async () => {
    const { fetch } = server();
    let down = false;
    const auth = tab({ fetch: ((...args: Parameters<typeof fetch>) => (down ? Promise.reject(new TypeError("down")) : fetch(...args))) as typeof fetch, shared: storage(), lock: queueLock(), now: () => 0 });
    await auth.login("doctor", "secret");
    down = true;
    await auth.logout();
    expect(auth.user()).toBeNull();
  });
});

describe("another person in the same browser", () => {
  it("never gets the access token of the one before", async () => {
    const { fetch } = server();
    const shared = storage();
    const tabStorage = storage();
    const auth = createAuth({ fetch, shared, tab: tabStorage, lock: queueLock(), channel: null, now: () => 0 });
    await auth.login("doctor", "secret");
    shared.setItem("televisit.session", JSON.stringify({ refresh: "r", user: { ...USER, id: 9, username: "nurse" } }));
    auth.sharedChanged();
    expect(auth.user()?.id).toBe(9);
    expect(tabStorage.getItem("televisit.access")).toBeNull();
  });
});
