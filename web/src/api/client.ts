import type { Auth } from "./auth.ts";
import { ApiError } from "./errors.ts";

/** Longer than any endpoint should take; a phone that lost its network would otherwise wait for minutes. */
const TIMEOUT_MS = 30_000;

export interface Options {
  body?: unknown;
  /** Values of the query; empty ones are left out. */
  query?: Record<string, string | number | boolean | null | undefined>;
  signal?: AbortSignal | undefined;
  /** The `Idempotency-Key` of an intention, see intent.ts. */
  key?: string | undefined;
  /** Sent without a token. */
  open?: boolean;
}

export interface Client {
  get<T>(path: string, options?: Omit<Options, "body" | "key">): Promise<T>;
  post<T>(path: string, body?: unknown, options?: Omit<Options, "body">): Promise<T>;
  patch<T>(path: string, body: unknown, options?: Omit<Options, "body">): Promise<T>;
  delete<T>(path: string, options?: Omit<Options, "body">): Promise<T>;
  /** The raw answer, for streams and media. Throws an ApiError unless it is a success. */
  open(path: string, options?: Options & { accept?: string }): Promise<Response>;
}

/** Speaks JSON with the server under `/api/v1/`; paths are given without that prefix (`visits/3/close/`). */
export function createClient(auth: Pick<Auth, "token">, send: typeof fetch, timeoutMs = TIMEOUT_MS): Client {
  async function once(method: string, path: string, options: Options & { accept?: string }, token: string | null, limit: boolean): Promise<Response> {
    const headers: Record<string, string> = { Accept: options.accept ?? "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (options.body !== undefined) headers["Content-Type"] = "application/json";
    if (options.key) headers["Idempotency-Key"] = options.key;
    const init: RequestInit = { method, headers, cache: "no-store" };
    if (options.body !== undefined) init.body = JSON.stringify(options.body);
    // One controller for both ends of patience; AbortSignal.any is too young for the phones patients have.
    const abort = new AbortController();
    const give = () => abort.abort(options.signal?.reason);
    if (options.signal?.aborted) give();
    options.signal?.addEventListener("abort", give);
    init.signal = abort.signal;
    const timer = limit ? setTimeout(() => abort.abort(), timeoutMs) : undefined;
    try {
      return await send(`/api/v1/${path}${queryOf(options.query)}`, init);
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new ApiError(0, null);
    } finally {
      clearTimeout(timer);
    }
  }

  async function answer(method: string, path: string, options: Options & { accept?: string }, limit: boolean): Promise<Response> {
    let token = options.open ? null : await auth.token();
    let response = await once(method, path, options, token, limit);
    if (response.status === 401 && token) {
      // The token may have died on the way (a server restart with new keys, a clock set right): renew once.
      token = await auth.token(token);
      response = await once(method, path, options, token, limit);
    }
    if (response.ok) return response;
    const body: unknown = await response.json().catch(() => null);
    throw new ApiError(response.status, body, Number(response.headers.get("Retry-After")) || null);
  }

  async function json<T>(method: string, path: string, options: Options): Promise<T> {
    const response = await answer(method, path, options, true);
    if (response.status === 204) return undefined as T;
    try {
      return (await response.json()) as T;
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new ApiError(0, null);
    }
  }

  return {
    get: (path, options = {}) => json("GET", path, options),
    post: (path, body = {}, options = {}) => json("POST", path, { ...options, body }),
    patch: (path, body, options = {}) => json("PATCH", path, { ...options, body }),
    delete: (path, options = {}) => json("DELETE", path, options),
    open: (path, options = {}) => answer("GET", path, options, false),
  };
}

/** `?a=1&b=2`, or "" when every value is empty. */
export function queryOf(query: Options["query"]): string {
  const text = new URLSearchParams(
    Object.entries(query ?? {}).flatMap(([key, value]) => (value === null || value === undefined || value === "" ? [] : [[key, String(value)]])),
  ).toString();
  return text ? `?${text}` : "";
}
