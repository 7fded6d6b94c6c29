import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Repair } from "./repair.ts";

let steps: string[];
let repair: Repair;

beforeEach(() => {
  vi.useFakeTimers();
  steps = [];
  repair = new Repair({ restart: () => steps.push("restart"), rebuild: () => steps.push("rebuild") });
  repair.signalling(true);
  repair.begin();
  repair.path("connected");
});
afterEach(() => vi.useRealTimers());

describe("mending the media path", () => {
  it("leaves a blink of the network alone", () => {
    repair.path("disconnected");
    vi.advanceTimersByTime(900);
    repair.path("connected");
    vi.advanceTimersByTime(60_000);
    expect(steps).toEqual([]);
  });

  it("restarts ICE when the break lasts a second", () => {
    repair.path("disconnected");
    vi.advanceTimersByTime(1000);
    expect(steps).toEqual(["restart"]);
  });

  it("restarts at once when ICE has failed", () => {
    repair.path("failed");
    expect(steps).toEqual(["restart"]);
  });

  it("builds a new connection when a restart does not help within eight seconds", () => {
    repair.path("failed");
    vi.advanceTimersByTime(7999);
    expect(steps).toEqual(["restart"]);
    vi.advanceTimersByTime(1);
    expect(steps).toEqual(["restart", "rebuild"]);
  });

  it("builds a new connection when the restarted one fails again", () => {
    repair.path("failed");
    repair.path("connecting");
    repair.path("failed");
    expect(steps).toEqual(["restart", "rebuild"]);
  });

  it("keeps building new connections, with more patience each time, until one works", () => {
    repair.path("failed");
    vi.advanceTimersByTime(8000);
    expect(steps.at(-1)).toBe("rebuild");
    vi.advanceTimersByTime(14_999);
    expect(steps).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(steps).toHaveLength(3);
    vi.advanceTimersByTime(20_000);
    expect(steps).toHaveLength(4);
    repair.path("connected");
    vi.advanceTimersByTime(120_000);
    expect(steps).toHaveLength(4);
  });

  it("waits for the signalling before it does anything, and then does it", () => {
    repair.signalling(false);
    repair.path("failed");
    vi.advanceTimersByTime(20_000);
    expect(steps).toEqual([]);
    repair.signalling(true, true);
    expect(steps).toEqual(["restart"]);
  });

  it("does not blame the path for time in which the signalling was away", () => {
    repair.path("failed");
    vi.advanceTimersByTime(3000);
    repair.signalling(false);
    vi.advanceTimersByTime(17_000);
    expect(steps).toEqual(["restart"]);
    repair.signalling(true, true);
    expect(steps).toEqual(["restart", "restart"]);
  });

  it("builds anew when the server has forgotten the connection", () => {
    repair.signalling(false);
    repair.signalling(true, false);
    expect(steps).toEqual(["rebuild"]);
  });

  it("leaves media that survived a lost WebSocket as it is", () => {
    repair.signalling(false);
    vi.advanceTimersByTime(3000);
    repair.signalling(true, true);
    vi.advanceTimersByTime(60_000);
    expect(steps).toEqual([]);
  });

  it("restarts on another network even if nothing looks broken yet", () => {
    repair.networkChanged();
    expect(steps).toEqual(["restart"]);
    vi.advanceTimersByTime(60_000);
    expect(steps).toEqual(["restart"]);
  });

  it("does nothing more once the call is over", () => {
    repair.path("disconnected");
    repair.stop();
    vi.advanceTimersByTime(60_000);
    repair.path("failed");
    repair.signalling(true, false);
    expect(steps).toEqual([]);
  });
});
