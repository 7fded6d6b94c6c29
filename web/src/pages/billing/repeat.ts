import type { Payment } from "../../api/types.ts";
import { minorOf } from "../../money/money.ts";

/** An equal payment younger than this is asked about. */
const MOMENT_MS = 60_000;

/**
 * Whether a payment looks like one that was taken a moment ago: same amount, same way, no reference to tell them apart.
 * The server cannot ask this of us: each of our payments carries its own idempotency key and so counts as meant.
 */
export function looksRepeated(taken: readonly Payment[], next: { amount: string; payment_method: string; transaction_reference?: string }, now: Date): boolean {
  if (next.transaction_reference) return false;
  return taken.some((one) => one.payment_method === next.payment_method && one.transaction_reference === "" && minorOf(one.amount) === minorOf(next.amount) && now.getTime() - Date.parse(one.created_at) < MOMENT_MS);
}
