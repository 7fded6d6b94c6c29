import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createAutosave, type Autosave, type SaveState } from "./autosave.ts";

describe("notes that save themselves", () => {
  let sent: string[];
  let kept: string | null;
  let states: SaveState["kind"][];
  let answer: () => Promise<unknown>;
  let autosave: Autosave;

  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    kept = null;
    states = [];
    answer = () => Promise.resolve();
    autosave = createAutosave("", {
      save: (text) => { sent.push(text); return answer(); },
      keep: (text) => { kept = text; },
      onState: (state) => states.push(state.kind),
      now: () => new Date(0),
      setTimeout: (task, ms) => setTimeout(task, ms),
      clearTimeout: (timer) => clearTimeout(timer),
    });
  });
  afterEach(() => {
    autosave.stop();
    vi.useRealTimers();
  });

  it("wait for a pause and send the last text once", async () => {
    for (const text of ["H", "He", "Head"]) autosave.change(text);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toEqual(["Head"]);
    expect(states.at(-1)).toBe("saved");
    expect(kept).toBeNull();
  });

  it("keep the text here until the server has it", async () => {
    answer = () => Promise.reject(new Error("down"));
    autosave.change("Headache");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(kept).toBe("Headache");
    expect(states.at(-1)).toBe("failed");
    answer = () => Promise.resolve();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toEqual(["Headache", "Headache"]);
    expect(kept).toBeNull();
  });

  it("never have two saves under way, and the last text wins", async () => {
    let finish = () => {};
    answer = () => new Promise<void>((resolve) => { finish = resolve; });
    autosave.change("one");
    await vi.advanceTimersByTimeAsync(1_000);
    autosave.change("two");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toEqual(["one"]);
    answer = () => Promise.resolve();
    finish();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toEqual(["one", "two"]);
    expect(states.at(-1)).toBe("saved");
  });

  it("go out at once when the page is left", async () => {
    autosave.change("bye");
    autosave.flush();
    autosave.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(["bye"]);
  });

  it("are not sent when nothing has changed", async () => {
    autosave.change("x");
    autosave.change("");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toEqual([]);
    expect(kept).toBeNull();
  });
});
