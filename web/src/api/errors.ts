import { t } from "../i18n/index.ts";

/** What went wrong with a request: the server's answer, or that none came (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** Messages by field name, for a 400. */
  readonly fields: Record<string, string[]>;
  /** Seconds to wait, when the server said so. */
  readonly retryAfter: number | null;
  readonly body: unknown;

  constructor(status: number, body: unknown, retryAfter: number | null = null) {
    const shape = isRecord(body) ? body : {};
    const detail = typeof shape.detail === "string" ? shape.detail : "";
    super(detail);
    this.name = "ApiError";
    this.status = status;
    this.code = typeof shape.code === "string" ? shape.code : "";
    this.fields = detail === "" ? fieldsOf(shape) : {};
    this.retryAfter = retryAfter;
    this.body = body;
  }

  /** No answer came: the network, a proxy or the server is away. What was sent may or may not have happened. */
  get unanswered(): boolean { return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504; }
}

/** The request was given up by the page itself; nobody needs to hear of it. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** One sentence or two for a person: what happened and what to do next. */
export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return t.errors.unexpected;
  if (error.status === 429) return t.errors.tooMany(error.retryAfter);
  if (error.status === 0) return typeof navigator !== "undefined" && navigator.onLine === false ? t.errors.offline : t.errors.unanswered;
  if (error.status === 401) return error.message || t.errors.signedOut;
  const fields = Object.values(error.fields).flat();
  if (fields.length > 0) return fields.join(" ");
  if (error.message && error.status < 500) return error.message;
  if (error.status === 403) return t.errors.forbidden;
  if (error.status === 404) return t.errors.notFound;
  if (error.status >= 502 && error.status <= 504) return error.message || t.errors.away;
  return t.errors.server(requestIdOf(error.body));
}

/** The message for one field, or "" when the error is not about it. */
export function fieldError(error: unknown, field: string): string {
  return error instanceof ApiError ? (error.fields[field] ?? []).join(" ") : "";
}

/** What to show above a form: "" when every message of the error stands beside one of `shown`. */
export function formError(error: unknown, shown: readonly string[]): string {
  if (!error) return "";
  if (!(error instanceof ApiError)) return explain(error);
  const rest = Object.entries(error.fields).filter(([field]) => !shown.includes(field));
  if (Object.keys(error.fields).length === 0) return explain(error);
  return rest.map(([field, messages]) => (field === "non_field_errors" ? messages.join(" ") : `${t.fieldName(field)}: ${messages.join(" ")}`)).join(" ");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldsOf(shape: Record<string, unknown>): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const [field, messages] of Object.entries(shape)) {
    if (Array.isArray(messages)) fields[field] = messages.filter((message) => typeof message === "string");
    else if (isRecord(messages)) {
      // A nested object, such as `payment`: its fields read as `payment.amount`.
      for (const [inner, nested] of Object.entries(fieldsOf(messages))) fields[`${field}.${inner}`] = nested;
    }
  }
  return fields;
}

function requestIdOf(body: unknown): string {
  return isRecord(body) && typeof body.request_id === "string" ? body.request_id : "";
}
