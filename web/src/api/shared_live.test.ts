import { describe, expect, it, vi } from "vitest";
import type { Live, LiveEvent, LiveState } from "./live.ts";
import { shareLive, type SharedParts } from "./shared_live.ts";

/** A connection that the test drives by hand. */
function connection() {
  let event: (event: LiveEvent) => void = () => {};
  let changed: (state: LiveState) => void = () => {};
  let running = false;
  let nudged = 0;
  const live: Live = {
    start: () => { running = true; },
    stop: () => { running = false; },
    state: () => "off",
    nudge: () => { nudged += 1; },
    onEvent: (listener) => { event = listener; return () => undefined; },
    onState: (listener) => { changed = listener; return () => undefined; },
  };
  return { live, send: (one: LiveEvent) => event(one), state: (next: LiveState) => changed(next), running: () => running, nudged: () => nudged };
}

/** Locks as the browser has them: one holder, a queue, and stealing. */
function locks() {
  const queue: { task: () => Promise<void>; done: () => void; gone: () => boolean }[] = [];
  let holder: { fail: () => void } | null = null;
  const next = () => {
    const one = queue.shift();
    if (!one || holder) return;
    if (one.gone()) return next();
    run(one);
  };
  const run = (one: { task: () => Promise<void>; done: () => void }, fail = () => {}) => {
    const me = { fail };
    holder = me;
    void one.task().then(() => {
      one.done();
      if (holder === me) {
        holder = null;
        next();
      }
    });
  };
  return (task: () => Promise<void>, how: { signal: AbortSignal } | { steal: true }) => new Promise<void>((done, fail) => {
    const broken = () => fail(new DOMException("stolen", "AbortError"));
    if ("steal" in how) {
      holder?.fail();
      run({ task, done }, broken);
    } else if (holder) queue.push({ task: () => { if (holder) holder.fail = broken; return task(); }, done, gone: () => how.signal.aborted });
    else run({ task, done }, broken);
  });
}

function browser() {
  const lead = locks();
  const listeners: { of: number; hear: (message: never) => void }[] = [];
  let count = 0;
  return () => {
    const me = count++;
    const own = connection();
    let asleep = false;
    const parts: SharedParts = {
      lead,
      post: (message) => { if (!asleep) for (const one of listeners) if (one.of !== me) one.hear(message as never); },
      listen: (hear) => { listeners.push({ of: me, hear: ((message: never) => { if (!asleep) (hear as (message: never) => void)(message); }) }); },
      setTimeout: (task, ms) => setTimeout(task, ms),
      clearTimeout: (timer) => clearTimeout(timer),
    };
    const live = shareLive(own.live, parts);
    const events: LiveEvent[] = [];
    live.onEvent((event) => events.push(event));
    return { own, live, events, sleep: (on: boolean) => { asleep = on; } };
  };
}

const settle = async () => { for (let turn = 0; turn < 20; turn++) await Promise.resolve(); };

describe("the live connection of several tabs", () => {
  it("is one, and all of them hear it", async () => {
    const open = browser();
    const [one, two, three] = [open(), open(), open()];
    for (const tab of [one, two, three]) tab.live.start();
    await settle();
    expect([one, two, three].map((tab) => tab.own.running())).toEqual([true, false, false]);
    one.own.state("on");
    one.own.send({ kind: "session", id: 7 });
    for (const tab of [one, two, three]) {
      expect(tab.live.state()).toBe("on");
      expect(tab.events).toEqual([{ kind: "session", id: 7 }]);
    }
  });

  it("is taken over when its tab closes, and what was missed is asked for again", async () => {
    const open = browser();
    const [one, two] = [open(), open()];
    one.live.start();
    two.live.start();
    await settle();
    one.own.state("on");
    one.live.stop();
    await settle();
    expect(two.own.running()).toBe(true);
    two.own.state("on");
    expect(two.events).toEqual([{ kind: "reload", id: null }]);
  });

  it("tells a tab that comes later how it is doing", async () => {
    const open = browser();
    const one = open();
    one.live.start();
    await settle();
    one.own.state("on");
    const two = open();
    two.live.start();
    expect(two.live.state()).toBe("on");
    expect(two.events).toEqual([]);
  });

  it("is mended at once when any of the tabs asks for it", async () => {
    const open = browser();
    const [one, two] = [open(), open()];
    one.live.start();
    two.live.start();
    await settle();
    two.live.nudge();
    expect(one.own.nudged()).toBe(1);
  });

  it("says nothing to a tab where nobody is signed in any more", async () => {
    const open = browser();
    const [one, two] = [open(), open()];
    one.live.start();
    two.live.start();
    await settle();
    two.live.stop();
    one.own.send({ kind: "session", id: 7 });
    expect(two.events).toEqual([]);
    expect(two.live.state()).toBe("off");
  });

  it("is taken from a tab that a phone has put to sleep, and that tab follows when it wakes", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const open = browser();
      const [one, two] = [open(), open()];
      one.live.start();
      two.live.start();
      await settle();
      one.own.state("on");
      one.sleep(true);
      two.live.nudge();
      vi.advanceTimersByTime(2_000);
      one.sleep(false);
      await settle();
      expect([one.own.running(), two.own.running()]).toEqual([false, true]);
      two.own.state("on");
      two.own.send({ kind: "visit", id: 3 });
      expect(one.events).toContainEqual({ kind: "visit", id: 3 });
      expect(one.live.state()).toBe("on");
    } finally {
      vi.useRealTimers();
    }
  });

  it("stays with a tab that answers", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const open = browser();
      const [one, two] = [open(), open()];
      one.live.start();
      two.live.start();
      await settle();
      one.own.state("on");
      two.live.nudge();
      vi.advanceTimersByTime(10_000);
      await settle();
      expect([one.own.running(), two.own.running()]).toEqual([true, false]);
    } finally {
      vi.useRealTimers();
    }
  });
});
