import { describe, expect, it } from "vitest";
import { createClient, queryOf } from "./client.ts";
import { ApiError } from "./errors.ts";

interface Sent { url: string; init: RequestInit; headers: Record<string, string> }

function network(answers: ((sent: Sent) => Response | Promise<Response>)[]) {
  const sent: Sent[] = [];
  const fetch = (url: RequestInfo | URL, init: RequestInit = {}) => {
    const one = { url: String(url), init, headers: init.headers as Record<string, string> };
    sent.push(one);
    const answer = answers[Math.min(sent.length, answers.length) - 1];
    return Promise.resolve(answer ? answer(one) : new Response(null, { status: 500 }));
  };
  return { fetch: fetch as typeof globalThis.fetch, sent };
}

const ok = (body: unknown) => () => new Response(JSON.stringify(body), { status: 200 });
const auth = { token: (dead?: string) => Promise.resolve(dead ? "second" : "first") };

describe("a request", () => {
  it("goes to the API with the token in the header, never in the address", async () => {
    const { fetch, sent } = network([ok({ id: 1 })]);
    expect(await createClient(auth, fetch).get("visits/", { query: { search: "a b", page: 2, status: "" } })).toEqual({ id: 1 });
    expect(sent[0]?.url).toBe("/api/v1/visits/?search=a+b&page=2");
    expect(sent[0]?.headers.Authorization).toBe("Bearer first");
  });

  it("is repeated once with a new token when the first was refused", async () => {
    const { fetch, sent } = network([() => new Response("{}", { status: 401 }), ok({ id: 1 })]);
    await createClient(auth, fetch).get("visits/");
    expect(sent.map((one) => one.headers.Authorization)).toEqual(["Bearer first", "Bearer second"]);
  });

  it("is not repeated a second time", async () => {
    const { fetch, sent } = network([() => new Response(JSON.stringify({ detail: "No.", code: "unauthorized" }), { status: 401 })]);
    await expect(createClient(auth, fetch).get("visits/")).rejects.toMatchObject({ status: 401, message: "No." });
    expect(sent).toHaveLength(2);
  });

  it("that creates carries its idempotency key", async () => {
    const { fetch, sent } = network([ok({})]);
    await createClient(auth, fetch).post("visits/", { patient: 1 }, { key: "abc" });
    expect(sent[0]?.headers["Idempotency-Key"]).toBe("abc");
    expect(sent[0]?.init.body).toBe('{"patient":1}');
  });

  it("without a network fails as unanswered", async () => {
    const fetch = () => Promise.reject(new TypeError("Failed to fetch"));
    await expect(createClient(auth, fetch as typeof globalThis.fetch).get("visits/")).rejects.toMatchObject({ status: 0, unanswered: true });
  });

  it("that takes too long fails as unanswered", async () => {
    const fetch = (_: unknown, init: RequestInit) => new Promise<Response>((_resolve, reject) => { if (init.signal?.aborted) reject(new DOMException("aborted", "AbortError")); init.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError"))); });
    await expect(createClient(auth, fetch as typeof globalThis.fetch, 5).get("visits/")).rejects.toMatchObject({ status: 0 });
  });

  it("given up by the page fails as given up, not as trouble", async () => {
    const abort = new AbortController();
    const fetch = (_: unknown, init: RequestInit) => new Promise<Response>((_resolve, reject) => { if (init.signal?.aborted) reject(new DOMException("aborted", "AbortError")); init.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError"))); });
    const request = createClient(auth, fetch as typeof globalThis.fetch).get("visits/", { signal: abort.signal });
    abort.abort();
    await expect(request).rejects.toMatchObject({ name: "AbortError" });
  });

  it("answered with something that is not JSON fails with the status alone", async () => {
    const { fetch } = network([() => new Response("<html>Bad gateway</html>", { status: 502 })]);
    const error: unknown = await createClient(auth, fetch).get("visits/").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 502, message: "", unanswered: true });
  });

  it("with no content answers undefined", async () => {
    const { fetch } = network([() => new Response(null, { status: 204 })]);
    expect(await createClient(auth, fetch).delete("telemedicine/1/participants/2/")).toBeUndefined();
  });

  it("tells how long to wait when it was too much", async () => {
    const { fetch } = network([() => new Response(JSON.stringify({ detail: "Too many.", code: "throttled" }), { status: 429, headers: { "Retry-After": "30" } })]);
    await expect(createClient(auth, fetch).get("visits/")).rejects.toMatchObject({ retryAfter: 30 });
  });
});

describe("the query", () => {
  it("leaves out what is empty", () => {
    expect(queryOf({ a: "", b: null, c: undefined, d: false, e: 0 })).toBe("?d=false&e=0");
    expect(queryOf({})).toBe("");
  });
});
