/** What became of the bill when a visit ended, read from the answer of `end/`, or from the session when that answer was lost. Pure. */
export interface Ended {
  readonly seconds: number | null;
  readonly bill: { readonly kind: "billed"; readonly what: string; readonly amount: string; readonly currency: string } | { readonly kind: "billed_plain" } | { readonly kind: "not_billed"; readonly reason: string } | { readonly kind: "not_asked" };
}

export interface EndAnswer {
  readonly duration_seconds: number | null;
  readonly billing: unknown;
  readonly billing_added?: boolean;
  readonly billing_reason?: string;
}

export function readEnd(answer: EndAnswer, asked: boolean): Ended {
  const charge = chargeOf(answer.billing);
  const seconds = answer.duration_seconds;
  // A charge that is there counts, whoever asked for it: the bill has it.
  if (charge) return { seconds, bill: { kind: "billed", ...charge } };
  if (answer.billing_added) return { seconds, bill: { kind: "billed_plain" } };
  if (!asked) return { seconds, bill: { kind: "not_asked" } };
  return { seconds, bill: { kind: "not_billed", reason: answer.billing_reason ?? "" } };
}

function chargeOf(billing: unknown): { what: string; amount: string; currency: string } | null {
  if (typeof billing !== "object" || billing === null) return null;
  const { description, service_code, amount, currency } = billing as Record<string, unknown>;
  if (typeof amount !== "string") return null;
  const what = typeof description === "string" && description !== "" ? description : typeof service_code === "string" ? service_code : "";
  return { what, amount, currency: typeof currency === "string" ? currency : "" };
}
