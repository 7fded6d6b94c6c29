import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Call, CallView, DeviceReport, Source } from "./call.ts";
import { Conversation } from "./conversation.ts";
import type { Devices, DevicesView } from "./devices.ts";
import { FakeTrack } from "./fakes.ts";
import type { LevelMeter } from "./level_meter.ts";
import type { Loudness } from "./loudness.ts";
import type { MediaStats } from "./quality.ts";
import type { Share, ShareFailure } from "./screen_share.ts";
import { Store } from "./store.ts";

const off = { wanted: false, track: null, trouble: null, asking: false, label: "" };
const on = (kind: "audio" | "video") => ({ ...off, wanted: true, track: new FakeTrack(kind) as unknown as MediaStreamTrack });

let call: Store<CallView>;
let devices: Store<DevicesView>;
let level: Store<Loudness>;
let sent: Map<Source, MediaStreamTrack | null>;
let announced: { audio: boolean; video: boolean; screen: boolean }[];
let reports: DeviceReport[];
let stats: MediaStats | null;
let screen: Share | ShareFailure;
let talk: Conversation;
let silence: boolean[];

beforeEach(() => {
  vi.useFakeTimers();
  call = new Store<CallView>({ state: "connected", admitted: true, me: "1", people: [], media: new Map(), chat: [], end: null, brokenSince: null, mediaConnected: true });
  devices = new Store({ microphone: off, camera: off } as unknown as DevicesView);
  level = new Store<Loudness>({ level: 0, speaking: false, dead: false });
  sent = new Map();
  announced = [];
  reports = [];
  stats = null;
  silence = [];
  screen = "cancelled";
  const fakeCall = { view: call, publish: (source: Source, track: MediaStreamTrack | null) => void sent.set(source, track), announce: (state: (typeof announced)[0]) => void announced.push(state), report: (status: DeviceReport) => void reports.push(status), setLowData: () => undefined, stats: async () => stats };
  talk = new Conversation(
    fakeCall as unknown as Call,
    { view: devices, reportSilence: (silent: boolean) => void silence.push(silent) } as unknown as Devices,
    { value: level, listen: () => undefined, stop: () => undefined } as unknown as LevelMeter,
    { askForScreen: async () => screen, now: () => performance.now() },
  );
});
afterEach(() => {
  talk.stop();
  vi.useRealTimers();
});

describe("my side of the call", () => {
  it("sends what the devices give and tells what is switched on", () => {
    const microphone = on("audio");
    devices.patch({ microphone, camera: on("video") });
    expect(sent.get("microphone")).toBe(microphone.track);
    expect(announced.at(-1)).toEqual({ audio: true, video: true, screen: false });
    // Muted: still sent, for the unmuting to be instant, but told as off.
    devices.patch({ microphone: { ...microphone, wanted: false } });
    expect(sent.get("microphone")).toBe(microphone.track);
    expect(announced.at(-1)).toEqual({ audio: false, video: true, screen: false });
    devices.patch({ camera: off });
    expect(sent.get("camera")).toBeNull();
  });

  it("shares a screen with its sound until the browser's own button stops it", async () => {
    const picture = new FakeTrack("video");
    const sound = new FakeTrack("audio");
    screen = { picture: picture as unknown as MediaStreamTrack, sound: sound as unknown as MediaStreamTrack };
    await talk.startShare();
    expect(sent.get("screen")).toBe(picture);
    expect(sent.get("screen_audio")).toBe(sound);
    expect(announced.at(-1)?.screen).toBe(true);
    picture.vanish();
    expect(sent.get("screen")).toBeNull();
    expect(sent.get("screen_audio")).toBeNull();
    expect(announced.at(-1)?.screen).toBe(false);
  });

  it("says why a screen cannot be shared, but not that somebody changed his mind", async () => {
    await talk.startShare();
    expect(talk.view.value.shareFailure).toBeNull();
    screen = "unsupported";
    await talk.startShare();
    expect(talk.view.value.shareFailure).toBe("unsupported");
  });

  it("stops sharing when the call ends", async () => {
    const picture = new FakeTrack("video");
    screen = { picture: picture as unknown as MediaStreamTrack, sound: null };
    await talk.startShare();
    call.patch({ state: "ended", end: { reason: "ended_by_doctor", detail: "" } });
    expect(picture.readyState).toBe("ended");
  });

  it("notices speech while muted", () => {
    devices.patch({ microphone: { ...on("audio"), wanted: false } });
    for (let i = 0; i < 15; i += 1) {
      vi.advanceTimersByTime(100);
      level.set({ level: 0.6, speaking: true, dead: false });
    }
    expect(talk.view.value.mutedSpeech).toBe(true);
    devices.patch({ microphone: on("audio") });
    vi.advanceTimersByTime(100);
    level.set({ level: 0.5, speaking: true, dead: false });
    expect(talk.view.value.mutedSpeech).toBe(false);
  });

  it("reports a dead microphone", () => {
    devices.patch({ microphone: on("audio") });
    level.set({ level: 0, speaking: false, dead: true });
    expect(silence.at(-1)).toBe(true);
  });

  it("measures the connection every two seconds and tells the clinic when it weakens", async () => {
    const sample = (at: number, lost: number): MediaStats => ({
      at,
      sent: { packets: at / 10, lost, bytes: 0 },
      received: { packets: at / 10, lost: 0, bytes: 0 },
      audioIn: { packets: 0, concealed: 0, samples: 0, energy: 0 },
      videoIn: { frames: 0, width: 0, height: 0, freezes: 0 },
      videoOut: { frames: 0, width: 0, height: 0, limitedBy: "none" },
      roundTrip: 30, jitter: 3, available: null, expectsMedia: true, sendsVideo: true,
    });
    stats = sample(1000, 0);
    await vi.advanceTimersByTimeAsync(2000);
    expect(talk.view.value.quality.level).toBe("unknown");
    stats = sample(3000, 0);
    await vi.advanceTimersByTimeAsync(2000);
    expect(talk.view.value.quality.level).toBe("good");
    stats = sample(5000, 60);
    await vi.advanceTimersByTimeAsync(2000);
    stats = sample(7000, 120);
    await vi.advanceTimersByTimeAsync(2000);
    expect(talk.view.value.quality).toEqual({ level: "poor", cause: "loss_out", advice: "picture_off" });
    expect(reports.at(-1)?.network).toBe("poor");
  });
});
