import { describe, expect, it } from "vitest";
import type { Payment } from "../../api/types.ts";
import { looksRepeated } from "./repeat.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const taken = [{ amount: "100.00", payment_method: "CASH", transaction_reference: "", created_at: "2026-11-22T11:59:20Z" }] as Payment[];
const next = { amount: "100.00", payment_method: "CASH", transaction_reference: "" };

describe("a payment", () => {
  it("equal to one of the last minute looks repeated", () => {
    expect(looksRepeated(taken, next, NOW)).toBe(true);
    expect(looksRepeated(taken, { ...next, amount: "100" }, NOW)).toBe(true);
  });
  it("that differs in amount, way or reference does not", () => {
    expect(looksRepeated(taken, { ...next, amount: "100.01" }, NOW)).toBe(false);
    expect(looksRepeated(taken, { ...next, payment_method: "CARD" }, NOW)).toBe(false);
    expect(looksRepeated(taken, { ...next, transaction_reference: "MM-1" }, NOW)).toBe(false);
  });
  it("some minutes later is another one", () => {
    expect(looksRepeated(taken, next, new Date("2026-11-22T12:00:21Z"))).toBe(false);
  });
});
