import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Attention } from "./attention.ts";
import { bannersFor } from "./banners.ts";
import type { CallView, Person, RemoteMedia } from "./call.ts";
import { NO_MEDIA } from "./call.ts";
import type { ConversationView } from "./conversation.ts";
import type { DevicesView } from "./devices.ts";
import { readEnd } from "./ending.ts";
import { UNKNOWN } from "./quality.ts";
import { arrange, columnsFor, cornerByKey, nearestCorner, shownSize } from "./tiles.ts";

const person = (id: string, more: Partial<Person> = {}): Person => ({ id, user: 1, name: `Person ${id}`, role: "PATIENT", audio: true, video: true, screen: false, quality: "good", waiting: false, away: false, ...more });
const stream = {} as MediaStream;
const withCamera: RemoteMedia = { ...NO_MEDIA, camera: stream };

describe("the stage", () => {
  it("gives one person all of it", () => {
    const stage = arrange([person("1")], new Map([["1", withCamera]]), false);
    expect(stage).toMatchObject({ columns: 1, strip: [] });
    expect(stage.main.map((t) => [t.key, t.stream])).toEqual([["1-camera", stream]]);
  });

  it("keeps the tile of somebody whose picture is off", () => {
    expect(arrange([person("1", { video: false })], new Map([["1", withCamera]]), false).main[0]?.stream).toBeNull();
  });

  it("makes a shared screen the main picture and the people a strip", () => {
    const stage = arrange([person("1", { screen: true }), person("2")], new Map([["1", { ...withCamera, screen: stream }]]), false);
    expect(stage.main.map((t) => t.key)).toEqual(["1-screen"]);
    expect(stage.strip.map((t) => t.key)).toEqual(["1-camera", "2-camera"]);
  });

  it("shows nobody who still waits", () => {
    expect(arrange([person("1", { waiting: true })], new Map(), false).main).toEqual([]);
  });

  it("pauses pictures, but not screens, with low data", () => {
    const stage = arrange([person("1", { screen: true })], new Map([["1", { ...withCamera, screen: stream }]]), true);
    expect(stage.main[0]?.stream).toBe(stream);
    expect(stage.strip[0]?.stream).toBeNull();
  });

  it("lays out grids", () => {
    expect([1, 2, 3, 4, 5, 9].map(columnsFor)).toEqual([1, 2, 2, 2, 3, 3]);
  });

  it("asks for the pixels that are shown and not for the black beside them", () => {
    expect(shownSize({ width: 360, height: 740 }, 2, false)).toEqual({ width: 360, height: 180 });
    expect(shownSize({ width: 900, height: 300 }, 2, false)).toEqual({ width: 600, height: 300 });
    expect(shownSize({ width: 360, height: 740 }, 2, true)).toEqual({ width: 1480, height: 740 });
    expect(shownSize({ width: 900, height: 300 }, 2, true)).toEqual({ width: 900, height: 450 });
  });

  it("drops the own picture into the nearest corner and moves it by arrow keys", () => {
    expect(nearestCorner(10, 10, 100, 100)).toBe("top-start");
    expect(nearestCorner(90, 90, 100, 100)).toBe("bottom-end");
    expect(nearestCorner(90, 90, 100, 100, true)).toBe("bottom-start");
    expect(cornerByKey("bottom-end", "ArrowUp")).toBe("top-end");
    expect(cornerByKey("bottom-end", "ArrowLeft")).toBe("bottom-start");
    expect(cornerByKey("bottom-end", "x")).toBeNull();
  });
});

describe("what needs attention", () => {
  const call: CallView = { state: "connected", admitted: true, me: "0", people: [person("1")], media: new Map(), chat: [], end: null, brokenSince: null, mediaConnected: true };
  const device = { wanted: true, track: {} as MediaStreamTrack, trouble: null, asking: false, label: "" };
  const devices = { microphone: device, camera: device, replaced: null } as unknown as DevicesView;
  const talk: ConversationView = { quality: UNKNOWN, mutedSpeech: false, lowData: false, share: null, shareFailure: null };
  const context = { soundBlocked: false, now: 100_000, dismissed: new Set<string>() };
  const kinds = (c: Partial<CallView>, t: Partial<ConversationView> = {}, x: Partial<typeof context> = {}, d: Partial<DevicesView> = {}) =>
    bannersFor({ ...call, ...c }, { ...devices, ...d }, { ...talk, ...t }, { ...context, ...x }).map((b) => b.kind);

  it("is nothing in a call that goes well", () => {
    expect(kinds({})).toEqual([]);
  });

  it("does not shout at a blip of the network", () => {
    expect(kinds({ brokenSince: 99_500 })).toEqual([]);
    expect(kinds({ brokenSince: 98_000 })).toEqual(["reconnecting"]);
  });

  it("puts the lost connection first, then the sound, then devices", () => {
    const broken = { ...device, track: null, trouble: "busy" as const };
    expect(kinds({ brokenSince: 0 }, { mutedSpeech: true }, { soundBlocked: true }, { camera: broken })).toEqual(["reconnecting", "sound_blocked", "device", "muted_speech"]);
  });

  it("leaves alone a device that nobody wants or that was dismissed", () => {
    const off = { ...device, wanted: false, trouble: "missing" as const };
    expect(kinds({}, {}, {}, { camera: off })).toEqual([]);
    const broken = { ...device, trouble: "missing" as const };
    expect(kinds({}, {}, { dismissed: new Set(["device-camera-missing"]) }, { camera: broken })).toEqual([]);
  });

  it("advises only what can still be done", () => {
    const poor = { level: "poor", cause: "loss_out", advice: "picture_off" } as const;
    expect(bannersFor(call, devices, { ...talk, quality: poor }, context)).toEqual([{ kind: "weak", advice: "picture_off" }]);
    expect(bannersFor(call, { ...devices, camera: { ...device, track: null } }, { ...talk, quality: poor }, context)).toEqual([{ kind: "weak", advice: "other" }]);
    const low = { level: "poor", cause: "loss_in", advice: "low_data" } as const;
    expect(bannersFor(call, devices, { ...talk, quality: low, lowData: true }, context)).toEqual([{ kind: "weak", advice: "other" }]);
  });

  it("names the other side when the trouble is there", () => {
    expect(kinds({ people: [person("1", { away: true })] })).toEqual(["other_away"]);
    expect(kinds({ people: [person("1", { quality: "poor" })] })).toEqual(["other_weak"]);
  });
});

describe("the bars", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("fade three seconds after the last input", () => {
    const bars = new Attention();
    bars.poke();
    vi.advanceTimersByTime(2999);
    expect(bars.visible.value).toBe(true);
    vi.advanceTimersByTime(1);
    expect(bars.visible.value).toBe(false);
    bars.poke();
    expect(bars.visible.value).toBe(true);
  });

  it("stay while something needs attention, and fade three seconds after the last of it", () => {
    const bars = new Attention();
    bars.hold("banner", true);
    bars.hold("focus", true);
    vi.advanceTimersByTime(60_000);
    bars.hold("banner", false);
    vi.advanceTimersByTime(60_000);
    expect(bars.visible.value).toBe(true);
    bars.hold("focus", false);
    vi.advanceTimersByTime(3000);
    expect(bars.visible.value).toBe(false);
  });

  it("come back when something begins to need attention", () => {
    const bars = new Attention();
    bars.poke();
    vi.advanceTimersByTime(3000);
    bars.hold("banner", true);
    expect(bars.visible.value).toBe(true);
  });
});

describe("the bill at the end", () => {
  const charge = { service_code: "TELEMED-001", description: "Telemedicine Consultation", amount: "1000.00", currency: "KES" };

  it("says what was billed", () => {
    expect(readEnd({ duration_seconds: 761, billing: charge, billing_added: true }, true)).toEqual({ seconds: 761, bill: { kind: "billed", what: "Telemedicine Consultation", amount: "1000.00", currency: "KES" } });
  });

  it("says why not", () => {
    expect(readEnd({ duration_seconds: 5, billing: null, billing_added: false, billing_reason: "The service TELEMED-001 is not active in the catalog." }, true).bill).toEqual({ kind: "not_billed", reason: "The service TELEMED-001 is not active in the catalog." });
    expect(readEnd({ duration_seconds: 5, billing: null, billing_added: false }, false).bill).toEqual({ kind: "not_asked" });
  });

  it("believes the charge of the session when the answer of the end was lost", () => {
    expect(readEnd({ duration_seconds: 5, billing: charge }, true).bill.kind).toBe("billed");
  });
});
