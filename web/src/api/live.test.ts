import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "./errors.ts";
import { createLive, eventParser, waitBefore, type Live, type LiveEvent } from "./live.ts";

describe("the parser of the event stream", () => {
  it("reads events however the chunks are cut", () => {
    const text = ': keep-alive\n\nevent: ready\ndata: {}\n\nevent: session\r\ndata: {"id":7}\r\n\r\n';
    for (let size = 1; size <= text.length; size++) {
      const parse = eventParser();
      const events = [];
      for (let at = 0; at < text.length; at += size) events.push(...parse(text.slice(at, at + size)));
      expect(events).toEqual([{ event: "ready", data: "{}" }, { event: "session", data: '{"id":7}' }]);
    }
  });
  it("joins the lines of one event's data", () => {
    expect(eventParser()("data: a\ndata: b\n\n")).toEqual([{ event: "message", data: "a\nb" }]);
  });
});

describe("the wait before trying again", () => {
  it("doubles, has a ceiling, and never is the same for everybody", () => {
    expect(waitBefore(1, 1)).toBe(500);
    expect(waitBefore(3, 1)).toBe(2_000);
    expect(waitBefore(30, 1)).toBe(20_000);
    expect(waitBefore(3, 0)).toBe(1_000);
  });
});

/** A server whose streams the test opens, feeds and breaks. */
function server() {
  const streams: { send: (text: string) => void; close: () => void; signal: AbortSignal | undefined }[] = [];
  let refuse: unknown = null;
  return {
    streams,
    refuseWith: (error: unknown) => { refuse = error; },
    open: (_path: string, options: { signal?: AbortSignal | undefined } = {}) => {
      if (refuse) return Promise.reject(refuse);
      let send = (_text: string) => {};
      let close = () => {};
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          send = (text) => controller.enqueue(new TextEncoder().encode(text));
          close = () => controller.close();
          options.signal?.addEventListener("abort", () => controller.error(new DOMException("aborted", "AbortError")));
        },
      });
      streams.push({ send, close, signal: options.signal });
      return Promise.resolve(new Response(body));
    },
  };
}

describe("the live connection", () => {
  let live: Live;
  let events: LiveEvent[];
  let states: string[];
  let at: ReturnType<typeof server>;

  beforeEach(() => {
    vi.useFakeTimers();
    at = server();
    live = createLive({ open: at.open, setTimeout: (task, ms) => setTimeout(task, ms), clearTimeout: (timer) => clearTimeout(timer), random: () => 1 });
    events = [];
    states = [];
    live.onEvent((event) => events.push(event));
    live.onState((state) => states.push(state));
    live.start();
  });
  afterEach(() => {
    live.stop();
    vi.useRealTimers();
  });
  const settle = () => vi.advanceTimersByTimeAsync(0);

  it("tells what changed, and asks for nothing when it has just begun", async () => {
    await settle();
    at.streams[0]?.send('event: ready\ndata: {}\n\nevent: session\ndata: {"id":7}\n\nevent: somethingnew\ndata: {"id":1}\n\n');
    await settle();
    expect(events).toEqual([{ kind: "session", id: 7 }]);
    expect(states).toEqual(["connecting", "on"]);
  });

  it("comes back after a broken line and says that events were missed", async () => {
    await settle();
    at.streams[0]?.send("event: ready\ndata: {}\n\n");
    await settle();
    at.streams[0]?.close();
    await settle();
    expect(live.state()).toBe("lost");
    await vi.advanceTimersByTimeAsync(500);
    at.streams[1]?.send("event: ready\ndata: {}\n\n");
    await settle();
    expect(live.state()).toBe("on");
    expect(events).toEqual([{ kind: "reload", id: null }]);
  });

  it("takes a silent line for dead", async () => {
    await settle();
    at.streams[0]?.send("event: ready\ndata: {}\n\n");
    await settle();
    await vi.advanceTimersByTimeAsync(34_000);
    expect(live.state()).toBe("on");
    at.streams[0]?.send(": keep-alive\n\n");
    await settle();
    await vi.advanceTimersByTimeAsync(34_000);
    expect(live.state()).toBe("on");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(live.state()).toBe("lost");
    expect(at.streams[0]?.signal?.aborted).toBe(true);
  });

  it("tries at once when the network has come back", async () => {
    at.refuseWith(new ApiError(0, null));
    live.stop();
    live.start();
    await settle();
    await vi.advanceTimersByTimeAsync(10_000);
    at.refuseWith(null);
    const before = at.streams.length;
    live.nudge();
    await settle();
    expect(at.streams.length).toBe(before + 1);
  });

  it("stops asking when nobody is signed in", async () => {
    await settle();
    live.stop();
    at.refuseWith(new ApiError(401, null));
    live.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(live.state()).toBe("off");
  });

  it("says nothing more after it was stopped", async () => {
    await settle();
    live.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(at.streams).toHaveLength(1);
    expect(live.state()).toBe("off");
  });
});
