import { describe, expect, it } from "vitest";
import type { Live, LiveEvent, LiveState } from "./live.ts";
import { queueLock } from "./lock.ts";
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

function browser() {
  const lock = queueLock();
  const listeners: { of: number; hear: (message: never) => void }[] = [];
  let count = 0;
  return () => {
    const me = count++;
    const own = connection();
    const parts: SharedParts = {
      lead: (task, signal) => lock("live", () => (signal.aborted ? Promise.resolve() : task())),
      post: (message) => { for (const one of listeners) if (one.of !== me) one.hear(message as never); },
      listen: (hear) => { listeners.push({ of: me, hear: hear as never }); },
    };
    const live = shareLive(own.live, parts);
    const events: LiveEvent[] = [];
    live.onEvent((event) => events.push(event));
    return { own, live, events };
  };
}

const settle = () => new Promise<void>((resolve) => { setTimeout(resolve); });

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
});
