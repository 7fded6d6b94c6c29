import { describe, expect, it } from "vitest";
import { clockWords, dayWords, durationWords, exactWords, nearDay, stopwatch, untilWords, whenWords } from "./words.ts";

describe("durations", () => {
  it("are said in words", () => {
    expect([0, 59, 60, 240, 3600, 3900, 86_400, 200_000].map(durationWords)).toEqual(["under 1 min", "under 1 min", "1 min", "4 min", "1 h", "1 h 05 min", "1 day", "2 days"]);
  });
  it("never run backwards when a clock is ahead", () => {
    expect(durationWords(-5)).toBe("under 1 min");
    expect(stopwatch(-5)).toBe("00:00");
  });
  it("run as a clock in a call", () => {
    expect([0, 761, 3_761].map(stopwatch)).toEqual(["00:00", "12:41", "1:02:41"]);
  });
  it("say how far away something is", () => {
    expect([600, 30, -30, -720, 7_800].map(untilWords)).toEqual(["in 10 min", "now", "now", "12 min ago", "in 2 h 10 min"]);
  });
});

describe("days and times", () => {
  const now = new Date("2026-11-22T12:00:00Z");
  it("are named by how near they are, in the zone of the reader", () => {
    expect(whenWords("2026-11-22T22:15:00Z", "UTC", now)).toBe("Today, 22:15");
    expect(whenWords("2026-11-22T22:15:00Z", "Africa/Nairobi", now)).toBe("Tomorrow, 01:15");
    expect(nearDay("2026-11-21", "2026-11-22")).toBe("Yesterday");
    expect(nearDay("2025-11-21", "2026-11-22")).toBe("21 Nov 2025");
  });
  it("are written out for a heading, with the year when it is another", () => {
    expect(dayWords("2026-11-22", "2026-11-22")).toBe("Sunday 22 November");
    expect(dayWords("2027-01-03", "2026-11-22")).toBe("Sunday 3 January 2027");
  });
  it("are exact on hover, with the zone named", () => {
    expect(exactWords("2026-11-22T11:15:07Z", "Africa/Nairobi", "Nairobi")).toBe("Sunday 22 November 2026, 14:15:07 (Nairobi time)");
  });
  it("that are broken show as nothing, not as Invalid Date", () => {
    expect([whenWords("", "UTC", now), clockWords("x", "UTC"), exactWords("x", "UTC", "UTC")]).toEqual(["", "", ""]);
  });
});
