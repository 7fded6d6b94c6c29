import { describe, expect, it } from "vitest";
import { addDays, cityOf, clockOf, dayOf, instantOf, offsetMinutes, parseWall, sameTime, wallOf } from "./zone.ts";

describe("a time on the wall of a zone", () => {
  it("becomes the instant it means", () => {
    expect(parseWall("2026-11-22", "14:15", "Africa/Nairobi")?.toISOString()).toBe("2026-11-22T11:15:00.000Z");
    expect(parseWall("2026-07-01", "14:15", "Asia/Kolkata")?.toISOString()).toBe("2026-07-01T08:45:00.000Z");
    expect(parseWall("2026-01-31", "23:30", "America/Los_Angeles")?.toISOString()).toBe("2026-02-01T07:30:00.000Z");
  });
  it("comes back the same for every hour of a year, but for the hour that a spring change skips", () => {
    for (const zone of ["Africa/Nairobi", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham"]) {
      for (let hour = 0; hour < 366 * 24; hour += 7) {
        const instant = new Date(Date.UTC(2026, 0, 1, hour, 30));
        const again = instantOf(wallOf(instant, zone), zone);
        expect(wallOf(again, zone)).toEqual(wallOf(instant, zone));
      }
    }
  });
  it("that is skipped in spring is the time after the change", () => {
    expect(instantOf({ year: 2026, month: 3, day: 29, hour: 2, minute: 30 }, "Europe/Berlin").toISOString()).toBe("2026-03-29T01:30:00.000Z");
  });
  it("that comes twice in autumn is the first of the two", () => {
    expect(instantOf({ year: 2026, month: 10, day: 25, hour: 2, minute: 30 }, "Europe/Berlin").toISOString()).toBe("2026-10-25T00:30:00.000Z");
  });
  it("that is none is refused", () => {
    for (const [day, clock] of [["", "14:15"], ["2026-11-22", ""], ["2026-13-01", "10:00"], ["2026-11-22", "25:00"]] as const) expect(parseWall(day, clock, "UTC")).toBeNull();
  });
});

describe("a zone", () => {
  it("gives the day and the clock of an instant", () => {
    const late = new Date("2026-11-22T22:30:00Z");
    expect(dayOf(late, "Africa/Nairobi")).toBe("2026-11-23");
    expect(dayOf(late, "UTC")).toBe("2026-11-22");
    expect(clockOf(late, "Africa/Nairobi")).toBe("01:30");
    expect(clockOf(new Date("2026-11-22T21:00:00Z"), "Africa/Nairobi")).toBe("00:00");
  });
  it("knows how far ahead of UTC it is, by season", () => {
    expect(offsetMinutes(new Date("2026-01-15T12:00:00Z"), "Europe/Berlin")).toBe(60);
    expect(offsetMinutes(new Date("2026-07-15T12:00:00Z"), "Europe/Berlin")).toBe(120);
    expect(offsetMinutes(new Date("2026-07-15T12:00:42Z"), "Asia/Kathmandu")).toBe(345);
  });
  it("is the same as another one while both show the same time", () => {
    expect(sameTime("Africa/Nairobi", "Asia/Baghdad", new Date("2026-11-22T12:00:00Z"))).toBe(true);
    expect(sameTime("Europe/Berlin", "Africa/Nairobi", new Date("2026-11-22T12:00:00Z"))).toBe(false);
  });
  it("has a readable city", () => {
    expect(cityOf("America/Argentina/Buenos_Aires")).toBe("Buenos Aires");
  });
});

describe("days", () => {
  it("move over months, years and leap days", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
  });
});
