import { describe, expect, it } from "vitest";
import type { BoardRow, Presence, Session } from "../../api/types.ts";
import { actionOf, mayCancel, mayInvite } from "./action.ts";
import { changedSince, grouped, groupOf } from "./grouping.ts";
import { marksOf } from "./marks.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000).toISOString();

function row(id: number, session: Partial<Session>, presence: Partial<Presence>[] = [], balance = "0.00"): BoardRow {
  return {
    session: { id, status: "SCHEDULED", doctor: 2, scheduled_start: at(30), actual_start: null, actual_end: null, billing: null, transcription_status: "", recording_status: "", error_message: "", participants: [], updated_at: at(0), ...session } as Session,
    patient: { id: 1, patient_number: "P-000001", full_name: "Test Telemedicine", age: 36, gender: "MALE" },
    visit: { id: 1, chief_complaint: "", visit_type: "CONSULTATION", payment_status: "PAID", outstanding_balance: balance, currency: "KES" },
    presence: presence.map((one) => ({ user: 6, role: "PATIENT", display_name: "T", since: at(-4), state: "waiting", camera: "ok", microphone: "ok", network: "good", ...one })),
  };
}

describe("a row of the board", () => {
  it("waits when it is scheduled and the patient is there", () => {
    expect(groupOf(row(1, {}, [{}]))).toBe("waiting");
    expect(groupOf(row(1, {}))).toBe("later");
  });
  it("does not wait because somebody else looks in", () => {
    expect(groupOf(row(1, {}, [{ role: "DOCTOR", user: 2 }]))).toBe("later");
  });
  it("is done in every final state", () => {
    for (const status of ["COMPLETED", "CANCELLED", "FAILED"] as const) expect(groupOf(row(1, { status }, [{}]))).toBe("done");
  });
});

describe("the groups", () => {
  it("are in the order they are worked", () => {
    const groups = grouped([
      row(1, {}, [{ since: at(-1) }]), row(2, {}, [{ since: at(-9) }]),
      row(3, { scheduled_start: at(90) }), row(4, { scheduled_start: at(20) }),
      row(5, { status: "COMPLETED", actual_end: at(-60) }), row(6, { status: "COMPLETED", actual_end: at(-5) }),
      row(7, { status: "IN_PROGRESS", actual_start: at(-3) }), row(8, { status: "IN_PROGRESS", actual_start: at(-30) }),
    ]);
    expect(Object.values(groups).map((group) => group.map((one) => one.session.id))).toEqual([[2, 1], [8, 7], [4, 3], [6, 5]]);
  });
  it("mark what came or moved, but nothing at first sight", () => {
    const before = [row(1, {}), row(2, {})];
    const after = [row(1, {}, [{}]), row(2, {}), row(3, {})];
    expect(changedSince(null, before)).toEqual(new Set());
    expect(changedSince(new Map(before.map((one) => [one.session.id, groupOf(one)])), after)).toEqual(new Set([1, 3]));
  });
});

describe("the one button of a row", () => {
  const doctor = { id: 2, role: "DOCTOR" } as const;
  it("is what the doctor of the session does next", () => {
    expect(actionOf(row(1, {}, [{}]), doctor)).toBe("admit");
    expect(actionOf(row(1, {}), doctor)).toBe("start");
    expect(actionOf(row(1, { status: "IN_PROGRESS" }), doctor)).toBe("join");
    expect(actionOf(row(1, { status: "COMPLETED" }), doctor)).toBe("open");
  });
  it("opens the session for everybody who does not hold it", () => {
    for (const user of [{ id: 4, role: "RECEPTIONIST" }, { id: 5, role: "NURSE" }, { id: 1, role: "ADMIN" }, { id: 3, role: "DOCTOR" }] as const) expect(actionOf(row(1, {}, [{}]), user)).toBe("open");
  });
  it("lets an invited colleague join until it is over", () => {
    const participants = [{ user: 3 }] as Session["participants"];
    expect(actionOf(row(1, { participants, status: "IN_PROGRESS" }), { id: 3, role: "DOCTOR" })).toBe("join");
    expect(actionOf(row(1, { participants, status: "COMPLETED" }), { id: 3, role: "DOCTOR" })).toBe("open");
  });
  it("leaves cancelling to reception and the own doctor, and only before the start", () => {
    const scheduled = { status: "SCHEDULED", doctor: 2 };
    expect(mayCancel(scheduled, doctor)).toBe(true);
    expect(mayCancel(scheduled, { id: 4, role: "RECEPTIONIST" })).toBe(true);
    expect(mayCancel(scheduled, { id: 3, role: "DOCTOR" })).toBe(false);
    expect(mayCancel(scheduled, { id: 5, role: "NURSE" })).toBe(false);
    expect(mayCancel({ ...scheduled, status: "IN_PROGRESS" }, doctor)).toBe(false);
    expect(mayInvite({ status: "IN_PROGRESS", doctor: 2 }, doctor)).toBe(true);
    expect(mayInvite({ status: "IN_PROGRESS", doctor: 2 }, { id: 3, role: "DOCTOR" })).toBe(false);
  });
});

describe("the badges of a row", () => {
  const texts = (one: BoardRow) => marksOf(one, NOW).map((mark) => mark.text);
  it("say in one when camera and sound work", () => {
    expect(texts(row(1, {}, [{ network: "fair" }]))).toEqual(["Camera and sound work", "Network fair"]);
  });
  it("put the trouble first", () => {
    expect(texts(row(1, {}, [{ microphone: "silent" }]))).toEqual(["Microphone silent", "Camera works"]);
    expect(texts(row(1, {}, [{ camera: "blocked", microphone: "blocked" }]))).toEqual(["Microphone blocked", "Camera blocked"]);
  });
  it("claim nothing that is not known", () => {
    expect(texts(row(1, {}, [{ camera: "unknown", microphone: "unknown", network: "unknown" }]))).toEqual([]);
  });
  it("say when a running session has no patient in it", () => {
    expect(texts(row(1, { status: "IN_PROGRESS" }))).toEqual(["Patient not connected"]);
  });
  it("say when a session is overdue and when money is due", () => {
    expect(texts(row(1, { scheduled_start: at(-12) }, [], "500.00"))).toEqual(["Overdue 12 min", "Payment due"]);
  });
  it("say what was billed, or that nothing was", () => {
    const billing = { amount: "1000.00", currency: "KES" } as Session["billing"];
    expect(texts(row(1, { status: "COMPLETED", billing }))).toEqual(["Billed 1,000.00 KES"]);
    expect(texts(row(1, { status: "COMPLETED" }))).toEqual(["Not billed"]);
  });
});
