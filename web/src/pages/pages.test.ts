import { describe, expect, it } from "vitest";
import type { Session } from "../api/types.ts";
import { initialsOf, withTitle, aboutPatient } from "../people/names.ts";
import { idOf, match } from "../router/match.ts";
import { afterLogin, sectionsOf, startOf } from "../shell/access.ts";
import { periodOf } from "./appointments/period.ts";
import { held, nearness, upcoming } from "./home/next.ts";

describe("addresses", () => {
  it("match their patterns with or without a slash at the end", () => {
    expect(match("/visits/:id", "/visits/12/")).toEqual({ id: "12" });
    expect(match("/visits/:id", "/visits")).toBeNull();
    expect(match("/", "/")).toEqual({});
    expect(match("/visits/:id", "/visits/%E0%A4%A")).toBeNull();
  });
  it("carry only real ids", () => {
    expect(["12", "0", "-1", "1e3", "abc", "", undefined, "99999999999999999999"].map(idOf)).toEqual([12, null, null, null, null, null, null, null]);
  });
});

describe("after signing in", () => {
  it("each role lands where it works", () => {
    expect(startOf("PATIENT")).toBe("/");
    for (const role of ["DOCTOR", "NURSE", "RECEPTIONIST", "ADMIN"] as const) expect(startOf(role)).toBe("/telemedicine");
  });
  it("the page that was asked for comes back", () => {
    expect(afterLogin("/visits/3?dialog=pay", "RECEPTIONIST")).toBe("/visits/3?dialog=pay");
    expect(afterLogin("/telemedicine/3/call", "PATIENT")).toBe("/telemedicine/3/call");
  });
  it("nobody is led to another site or in a circle", () => {
    for (const next of ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/login?next=/login", "", null]) expect(afterLogin(next, "DOCTOR")).toBe("/telemedicine");
    expect(afterLogin("/patients", "PATIENT")).toBe("/");
  });
  it("sections of a role have different shortcut keys", () => {
    for (const role of ["DOCTOR", "NURSE", "RECEPTIONIST", "ADMIN", "PATIENT"] as const) {
      const keys = sectionsOf(role).map((section) => section.key);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });
});

describe("names", () => {
  it("become initials without their titles", () => {
    expect(["Dr Amina Wanjiru", "Prof. Grace Njeri Kamau", "Cher", "  ", "Ürün Øre"].map(initialsOf)).toEqual(["AW", "GK", "C", "?", "ÜØ"]);
  });
  it("get a title once", () => {
    expect([withTitle("Amina Wanjiru"), withTitle("Dr Amina Wanjiru"), withTitle("")]).toEqual(["Dr Amina Wanjiru", "Dr Amina Wanjiru", ""]);
  });
  it("of patients say only what is known", () => {
    expect(aboutPatient({ age: 36, gender: "MALE" })).toBe("36 y, male");
    expect(aboutPatient({ age: null, gender: "PREFER_NOT_TO_SAY" })).toBe("");
    expect(aboutPatient({ age: 0, gender: "FEMALE" })).toBe("0 y, female");
  });
});

describe("the patient's next visit", () => {
  const now = new Date("2026-11-22T12:00:00Z");
  const session = (id: number, status: Session["status"], minutes: number) => ({ id, status, scheduled_start: new Date(now.getTime() + minutes * 60_000).toISOString(), actual_start: null }) as Session;
  it("is the running one, else the nearest, and never one that is over", () => {
    const all = [session(1, "SCHEDULED", 60), session(2, "IN_PROGRESS", 500), session(3, "CANCELLED", 1), session(4, "SCHEDULED", 10), session(5, "COMPLETED", -60), session(6, "SCHEDULED", -3 * 24 * 60)];
    expect(upcoming(all, now).map((one) => one.id)).toEqual([2, 4, 1]);
    expect(held(all).map((one) => one.id)).toEqual([5]);
  });
  it("opens its waiting room half an hour before, and stays open when it is late", () => {
    expect([31, 30, 0, -5].map((minutes) => nearness(session(1, "SCHEDULED", minutes), now))).toEqual(["later", "soon", "soon", "late"]);
    expect(nearness(session(1, "IN_PROGRESS", 60), now)).toBe("running");
  });
});

describe("periods of appointments", () => {
  it("are whole days of the clinic", () => {
    expect(periodOf("today", "2026-11-22", "Africa/Nairobi")).toEqual({ from: "2026-11-21T21:00:00.000Z", to: "2026-11-22T21:00:00.000Z" });
    expect(periodOf("week", "2026-11-22", "UTC")).toEqual({ from: "2026-11-22T00:00:00.000Z", to: "2026-11-29T00:00:00.000Z" });
    expect(periodOf("all", "2026-11-22", "UTC")).toEqual({});
  });
});
