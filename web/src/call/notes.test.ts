import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { joinNotes, splitNotes } from "./note_sections.ts";
import { Notes } from "./notes.ts";

let saved: string[];
let kept: Map<string, string>;
let fail: Error | null;
const storage = { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v), removeItem: (k: string) => void kept.delete(k) };
const open = (stored = "") =>
  new Notes(12, stored, {
    save: async (text) => {
      if (fail) throw fail;
      saved.push(text);
    },
    storage,
    now: () => Date.now(),
    isFinal: (error) => (error instanceof RangeError ? error.message : null),
  });

beforeEach(() => {
  vi.useFakeTimers();
  saved = [];
  kept = new Map();
  fail = null;
});
afterEach(() => vi.useRealTimers());

describe("notes of a visit", () => {
  it("are saved a moment after the last key", async () => {
    const notes = open();
    notes.type("Head");
    await vi.advanceTimersByTimeAsync(500);
    notes.type("Headache");
    await vi.advanceTimersByTimeAsync(799);
    expect(saved).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(saved).toEqual(["Headache"]);
    expect(notes.view.value).toMatchObject({ state: "saved", savedAt: Date.now() });
  });

  it("are saved within three seconds even by somebody who never pauses", async () => {
    const notes = open();
    for (let i = 1; i <= 10; i += 1) {
      notes.type("x".repeat(i));
      await vi.advanceTimersByTimeAsync(400);
    }
    expect(saved.length).toBeGreaterThanOrEqual(1);
  });

  it("lie on this device from the first key until the server has them", async () => {
    const notes = open();
    notes.type("Headache");
    expect(kept.size).toBe(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(kept.size).toBe(0);
  });

  it("survive a tab that is killed while typing", async () => {
    open("old").type("old and new");
    const again = open("old");
    expect(again.view.value.text).toBe("old and new");
    await vi.advanceTimersByTimeAsync(1000);
    expect(saved).toContain("old and new");
  });

  it("ask the doctor when the stored notes have changed meanwhile", async () => {
    const first = open("old");
    first.type("mine");
    first.stop();
    const again = open("changed elsewhere");
    expect(again.view.value).toMatchObject({ text: "changed elsewhere", found: { text: "mine" } });
    again.resolveFound(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(saved).toEqual(["mine"]);
  });

  it("are kept and tried again while there is no network", async () => {
    fail = new Error("no network");
    const notes = open();
    notes.type("Headache");
    await vi.advanceTimersByTimeAsync(800);
    expect(notes.view.value.state).toBe("offline");
    fail = null;
    await vi.advanceTimersByTimeAsync(1000);
    expect(saved).toEqual(["Headache"]);
    expect(notes.view.value.state).toBe("saved");
  });

  it("say so when the server will not take them, and stay on the device", async () => {
    fail = new RangeError("The record is signed.");
    const notes = open();
    notes.type("late");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(notes.view.value).toMatchObject({ state: "refused", detail: "The record is signed." });
    expect(kept.size).toBe(1);
  });

  it("save what was typed while a save was under way", async () => {
    let finish: () => void = () => undefined;
    const texts: string[] = [];
    const notes = new Notes(12, "", {
      save: (text) => {
        texts.push(text);
        return new Promise((done) => {
          finish = done;
        });
      },
      storage,
      now: () => Date.now(),
      isFinal: () => null,
    });
    notes.type("one");
    await vi.advanceTimersByTimeAsync(800);
    notes.type("one two");
    finish();
    await vi.advanceTimersByTimeAsync(900);
    expect(texts).toEqual(["one", "one two"]);
  });

  it("are not saved beside the end of the visit, which carries them", async () => {
    const notes = open();
    notes.type("final");
    await notes.hold(true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(saved).toEqual([]);
    notes.stored("final");
    await notes.hold(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(saved).toEqual([]);
    expect(kept.size).toBe(0);
    expect(notes.view.value.state).toBe("saved");
  });
});

describe("the four fields", () => {
  it("become one text and come back as they were", () => {
    const parts = { free: "Called twice.", fields: { "What the patient says": "Headache\nfor three days", Findings: "", Assessment: "Tension headache", Plan: "Rest\n\nWater" } };
    const text = joinNotes(parts);
    expect(text).toBe("Called twice.\n\nWhat the patient says:\nHeadache\nfor three days\n\nAssessment:\nTension headache\n\nPlan:\nRest\n\nWater");
    expect(splitNotes(text)).toEqual(parts);
  });

  it("keep every word of notes that were written elsewhere", () => {
    for (const text of ["Just a line.", "Plan:\nfirst\nPlan:\nsecond", "a\n\n\nb", "Findings:\na\nFindings:\nx", "Plan: today", ""]) {
      const words = (s: string) => s.split(/\s+/).filter(Boolean).toSorted();
      expect(words(joinNotes(splitNotes(text)))).toEqual(words(text));
    }
  });

  it("do not change a text that they have written themselves", () => {
    const text = joinNotes({ free: "", fields: { "What the patient says": "a", Findings: "b", Assessment: "c", Plan: "d" } });
    expect(joinNotes(splitNotes(text))).toBe(text);
  });
});
