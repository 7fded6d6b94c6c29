import { describe, expect, it } from "vitest";
import { amountWords, isDue, minorOf, moneyWords, wireOf } from "./money.ts";

describe("money", () => {
  it("is read exactly, as people type it", () => {
    expect(["1000.00", "1,000", " 12.5 ", "0.07", "0.29"].map(minorOf)).toEqual([100_000, 100_000, 1_250, 7, 29]);
  });
  it("that is none is refused", () => {
    for (const text of ["", "abc", "1.234", "1.", ".5", "1e3", "1,2.3.4", "--1", "9999999999999"]) expect(minorOf(text)).toBeNull();
  });
  it("comes back to the wire unchanged, every cent of it", () => {
    for (let minor = -250; minor <= 250; minor++) expect(minorOf(wireOf(minor))).toBe(minor);
  });
  it("is grouped for reading", () => {
    expect(amountWords("1234567.5")).toBe("1,234,567.50");
    expect(moneyWords("2500.00", "KES")).toBe("2,500.00 KES");
    expect(moneyWords("-500.00", "KES")).toBe("-500.00 KES");
  });
  it("is due when something is left", () => {
    expect(["0.01", "0.00", "-1.00", ""].map(isDue)).toEqual([true, false, false, false]);
  });
});
