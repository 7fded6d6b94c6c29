import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EmbeddedCall } from "./embedded.ts";
import { FakeTrack, FakeWorld } from "./fakes.ts";
import { Refused } from "./signal.ts";

let world: FakeWorld;
let call: EmbeddedCall;
let tokens: ReturnType<typeof vi.fn<() => Promise<{ token: string; url: string }>>>;

const doctor = { id: 7, user: 2, display_name: "Dr Achieng Wanjiru", role: "DOCTOR", audio: true, video: true, screen: false, state: "admitted", connection: "connected" };

beforeEach(() => {
  vi.useFakeTimers();
  world = new FakeWorld();
  tokens = vi.fn(async () => ({ token: "room-token", url: "wss://clinic.example/signal/" }));
  call = new EmbeddedCall(world, tokens, { device_type: "desktop", browser: "chrome" });
});
afterEach(() => {
  call.dispose();
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

async function welcome(extra: Record<string, unknown> = {}): Promise<void> {
  world.socket.open();
  world.socket.hear({ type: "welcome", version: 1, participant: 41, resume: "secret-1", state: "admitted", participants: [doctor], chat: [], connection: null, ping_interval_ms: 2000, ice_servers: [], ...extra });
  await settle();
}

async function inCall(): Promise<void> {
  call.join();
  await settle();
  await welcome();
  world.socket.hear({ type: "answer", id: 1, sdp: "answer 1" });
  await settle();
  world.peer.become("connected");
}

const track = (kind: "audio" | "video") => new FakeTrack(kind) as unknown as MediaStreamTrack;

describe("entering a call", () => {
  it("says hello with the token in the first message and never in the address", async () => {
    call.join();
    await settle();
    world.socket.open();
    expect(world.socket.url).toBe("wss://clinic.example/signal/");
    expect(world.socket.sent[0]).toEqual({ type: "hello", version: 1, token: "room-token", client: { device_type: "desktop", browser: "chrome" } });
  });

  it("offers the four sending lines in their places, then the slots", async () => {
    call.join();
    await settle();
    await welcome();
    const [offer] = world.socket.of("offer");
    expect(offer?.["sdp"]).toBe("offer 1, as vs vs as ar ar vr vr");
    expect(offer?.["connection"]).toMatch(/^[A-Za-z0-9_-]{8,64}$/);
    expect(world.peer.transceivers[1]?.parameters.encodings.map((e) => e.rid)).toEqual(["q", "h", "f"]);
  });

  it("connects its media while waiting and is in the call the moment it is admitted", async () => {
    call.join();
    await settle();
    await welcome({ state: "waiting", participants: [] });
    expect(call.view.value).toMatchObject({ state: "waiting", admitted: false });
    world.socket.hear({ type: "answer", id: 1, sdp: "answer 1" });
    await settle();
    world.peer.become("connected");
    expect(call.view.value.state).toBe("waiting");
    world.socket.hear({ type: "admitted" });
    expect(call.view.value).toMatchObject({ state: "connected", admitted: true });
  });

  it("sends tracks that were there before the connection, and tells what is switched on", async () => {
    const microphone = track("audio");
    call.publish("microphone", microphone);
    call.announce({ audio: true, video: false, screen: false });
    await inCall();
    expect(world.peer.transceivers[0]?.sender.track).toBe(microphone);
    expect(world.socket.of("media")).toEqual([{ type: "media", audio: true, video: false, screen: false, screen_audio: false }]);
  });

  it("ends when the server will never let this person in", async () => {
    call.join();
    await settle();
    world.socket.open();
    world.socket.hear({ type: "error", code: "not_allowed", detail: "not of this session", fatal: true });
    expect(call.view.value).toMatchObject({ state: "ended", end: { reason: "refused" } });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(world.sockets).toHaveLength(1);
  });

  it("ends when no token is given because the session is over", async () => {
    tokens.mockRejectedValue(new Refused("closed", "session 12 is COMPLETED"));
    call.join();
    await settle();
    expect(call.view.value.end).toEqual({ reason: "closed", detail: "session 12 is COMPLETED" });
  });

  it("keeps asking for a token while the server does not answer", async () => {
    tokens.mockRejectedValueOnce(new Error("no network"));
    call.join();
    await settle();
    expect(call.view.value.state).toBe("connecting");
    await vi.advanceTimersByTimeAsync(600);
    expect(world.sockets).toHaveLength(1);
  });
});

describe("the others", () => {
  it("shows who is there, who comes and who goes, each once", async () => {
    await inCall();
    expect(call.view.value.people.map((p) => p.name)).toEqual(["Dr Achieng Wanjiru"]);
    const nurse = { ...doctor, id: 9, display_name: "Nurse Kimani", role: "NURSE" };
    world.socket.hear({ type: "joined", participant: nurse });
    world.socket.hear({ type: "joined", participant: { ...nurse, audio: false } });
    expect(call.view.value.people.map((p) => [p.name, p.audio])).toEqual([["Dr Achieng Wanjiru", true], ["Nurse Kimani", false]]);
    world.socket.hear({ type: "left", participant: 9, reason: "left" });
    expect(call.view.value.people).toHaveLength(1);
  });

  it("marks somebody whose connection is lost and keeps the seat", async () => {
    await inCall();
    world.socket.hear({ type: "updated", participant: { ...doctor, connection: "lost" } });
    expect(call.view.value.people[0]).toMatchObject({ id: "7", away: true });
  });

  it("brings slots and tracks together, and the same track keeps its stream", async () => {
    await inCall();
    world.socket.hear({ type: "slots", slots: [{ mid: "4", participant: 7, source: "microphone" }, { mid: "6", participant: 7, source: "camera" }] });
    const first = call.view.value.media.get("7");
    expect(first?.microphone?.getTracks()[0]).toBe(world.peer.transceivers[4]?.receiver.track);
    expect(first?.camera?.getTracks()[0]).toBe(world.peer.transceivers[6]?.receiver.track);
    world.socket.hear({ type: "slots", slots: [{ mid: "4", participant: 7, source: "microphone" }, { mid: "6", participant: 7, source: "camera" }, { mid: "7", participant: 7, source: "screen" }] });
    const second = call.view.value.media.get("7");
    expect(second?.camera).toBe(first?.camera);
    expect(second?.screen).not.toBeNull();
  });

  it("applies slots that came before the answer once the lines exist", async () => {
    call.join();
    await settle();
    await welcome();
    for (const transceiver of world.peer.transceivers) transceiver.mid = null;
    world.socket.hear({ type: "slots", slots: [{ mid: "4", participant: 7, source: "microphone" }] });
    expect(call.view.value.media.size).toBe(0);
    for (const [index, transceiver] of world.peer.transceivers.entries()) transceiver.mid = String(index);
    world.socket.hear({ type: "answer", id: 1, sdp: "answer 1" });
    await settle();
    expect(call.view.value.media.get("7")?.microphone).not.toBeNull();
  });

  it("never takes a sending line for a received one", async () => {
    await inCall();
    world.socket.hear({ type: "slots", slots: [{ mid: "1", participant: 7, source: "camera" }] });
    expect(call.view.value.media.size).toBe(0);
  });

  it("adds lines when more slots are needed, and never the same ones twice", async () => {
    await inCall();
    world.socket.hear({ type: "need_slots", audio: 3, video: 4 });
    await settle();
    expect(world.peer.transceivers).toHaveLength(11);
    expect(world.socket.of("offer")).toHaveLength(2);
    world.socket.hear({ type: "need_slots", audio: 3, video: 4 });
    await settle();
    expect(world.socket.of("offer")).toHaveLength(2);
  });

  it("asks only for the pictures that are shown; low data keeps a shared screen alone", async () => {
    await inCall();
    const tiles = [{ participant: "7", source: "camera" as const, width: 640, height: 360 }, { participant: "7", source: "screen" as const, width: 1280, height: 720 }];
    call.show(tiles);
    call.show(tiles);
    expect(world.socket.of("view")).toHaveLength(1);
    call.setLowData(true);
    expect(world.socket.of("view").at(-1)?.["tiles"]).toEqual([{ participant: 7, source: "screen", width: 1280, height: 720 }]);
    await settle();
    expect(world.peer.transceivers[1]?.parameters.encodings.map((e) => e.active)).toEqual([true, false, false]);
  });
});

describe("old messages and glare", () => {
  it("ignores an answer to an offer that was replaced", async () => {
    call.join();
    await settle();
    await welcome();
    world.network(true);
    await settle();
    expect(world.socket.of("offer").map((o) => o["id"])).toEqual([1, 2]);
    world.socket.hear({ type: "answer", id: 1, sdp: "late" });
    world.socket.hear({ type: "answer", id: 2, sdp: "right" });
    await settle();
    expect(world.peer.remote).toEqual(["right"]);
  });

  it("sends one offer at a time and the next one after the answer", async () => {
    call.join();
    await settle();
    await welcome();
    world.socket.hear({ type: "need_slots", audio: 3, video: 3 });
    world.socket.hear({ type: "need_slots", audio: 4, video: 4 });
    await settle();
    expect(world.socket.of("offer")).toHaveLength(1);
    world.socket.hear({ type: "answer", id: 1, sdp: "answer 1" });
    await settle();
    expect(world.socket.of("offer")).toHaveLength(2);
    expect(world.socket.of("offer")[1]?.["sdp"]).toContain("ar ar vr vr ar vr ar vr");
  });

  it("is not disturbed by nonsense and by words it does not know", async () => {
    await inCall();
    for (const data of ["{", "[]", "null", '{"type":"tomorrow"}', '{"type":"slots","slots":[{"mid":3}]}', '{"type":"joined","participant":null}']) {
      world.socket.dispatchEvent(new MessageEvent("message", { data }));
    }
    expect(call.view.value.state).toBe("connected");
  });

  it("offers again after a while when the server wants it slower", async () => {
    call.join();
    await settle();
    await welcome();
    world.socket.hear({ type: "error", code: "rate_limited", detail: "", fatal: false, id: 1 });
    await vi.advanceTimersByTimeAsync(1500);
    expect(world.socket.of("offer").map((o) => o["id"])).toEqual([1, 2]);
  });

  it("takes a new connection when the server dropped this one", async () => {
    await inCall();
    const before = world.socket.of("offer")[0]?.["connection"];
    world.random = () => 0.5;
    world.socket.hear({ type: "error", code: "media_failed", detail: "", fatal: false });
    await settle();
    expect(world.peers[0]?.closed).toBe(true);
    expect(world.socket.of("offer").at(-1)?.["connection"]).not.toBe(before);
  });
});

describe("a network that breaks", () => {
  it("comes back with the resume secret and keeps media that went on", async () => {
    await inCall();
    const connection = world.socket.of("offer")[0]?.["connection"];
    world.socket.drop();
    expect(call.view.value.state).toBe("reconnecting");
    await vi.advanceTimersByTimeAsync(1);
    expect(world.sockets).toHaveLength(2);
    world.socket.open();
    expect(world.socket.sent[0]).toMatchObject({ type: "hello", resume: "secret-1" });
    await welcome({ connection, resume: "secret-2" });
    expect(call.view.value).toMatchObject({ state: "connected", brokenSince: null });
    expect(world.peers).toHaveLength(1);
    expect(world.socket.of("offer")).toHaveLength(0);
  });

  it("survives twenty seconds without any network by itself", async () => {
    await inCall();
    const began = Date.now();
    // Nothing is heard any more; then ICE notices too.
    await vi.advanceTimersByTimeAsync(5000);
    world.peer.become("disconnected");
    await vi.advanceTimersByTimeAsync(3000);
    expect(call.view.value.state).toBe("reconnecting");
    expect(call.view.value.brokenSince).toBeGreaterThan(began);
    await vi.advanceTimersByTimeAsync(4000);
    world.peer.become("failed");
    await vi.advanceTimersByTimeAsync(8000);
    expect(call.view.value.end).toBeNull();
    const attempts = world.sockets.length;
    expect(attempts).toBeGreaterThan(2);
    world.network(true);
    await settle();
    expect(world.sockets.length).toBe(attempts + 1);
    await welcome({ connection: world.sockets[0]?.of("offer")[0]?.["connection"] });
    expect(world.peer.restarts).toBe(1);
    const offer = world.socket.of("offer").at(-1);
    world.socket.hear({ type: "answer", id: offer?.["id"], sdp: "after the cut" });
    await settle();
    world.peer.become("connected");
    expect(call.view.value).toMatchObject({ state: "connected", brokenSince: null });
    expect(world.peers).toHaveLength(1);
  });

  it("makes a new connection when the server has forgotten the old one", async () => {
    await inCall();
    world.socket.drop();
    await vi.advanceTimersByTimeAsync(1);
    await welcome({ connection: null });
    expect(world.peers).toHaveLength(2);
    expect(world.peers[0]?.closed).toBe(true);
    expect(world.socket.of("offer")).toHaveLength(1);
  });

  it("fetches a new token when the seat was given up meanwhile", async () => {
    await inCall();
    world.socket.drop();
    await vi.advanceTimersByTimeAsync(1);
    world.socket.open();
    world.socket.hear({ type: "error", code: "token_expired", detail: "", fatal: true });
    await vi.advanceTimersByTimeAsync(600);
    expect(tokens).toHaveBeenCalledTimes(2);
    world.socket.open();
    expect(world.socket.sent[0]).toMatchObject({ token: "room-token" });
    expect(world.socket.sent[0]).not.toHaveProperty("resume");
  });

  it("gives up when fresh tokens are refused again and again", async () => {
    call.join();
    await settle();
    for (let i = 0; i < 3; i += 1) {
      world.socket.open();
      world.socket.hear({ type: "error", code: "token_invalid", detail: "", fatal: true });
      await vi.advanceTimersByTimeAsync(3000);
    }
    expect(call.view.value.end?.reason).toBe("refused");
  });

  it("stops when the same person went on in another window", async () => {
    await inCall();
    world.socket.hear({ type: "error", code: "taken_over", detail: "", fatal: true });
    expect(call.view.value.end?.reason).toBe("replaced");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(world.sockets).toHaveLength(1);
  });

  it("notices a WebSocket that is open but dead within five seconds of silence", async () => {
    await inCall();
    await vi.advanceTimersByTimeAsync(8000);
    expect(world.sockets[0]?.closed).toBe(true);
    expect(world.sockets.length).toBeGreaterThan(1);
  });

  it("keeps a WebSocket that answers its pings", async () => {
    await inCall();
    for (let i = 0; i < 10; i += 1) {
      await vi.advanceTimersByTimeAsync(2000);
      world.socket.hear({ type: "pong", t: 1 });
    }
    expect(world.sockets).toHaveLength(1);
    expect(world.socket.of("ping").length).toBeGreaterThanOrEqual(9);
  });

  it("knocks again beside a line that hangs, and speaks only on the first that opens", async () => {
    await inCall();
    const connection = world.socket.of("offer")[0]?.["connection"];
    world.socket.drop();
    await vi.advanceTimersByTimeAsync(1);
    const hanging = world.socket;
    await vi.advanceTimersByTimeAsync(2000);
    expect(world.sockets).toHaveLength(3);
    expect(hanging.closed).toBe(false);
    await welcome({ connection });
    expect(hanging.closed).toBe(true);
    hanging.open();
    expect(hanging.sent).toEqual([]);
    expect(call.view.value.state).not.toBe("reconnecting");
    await vi.advanceTimersByTimeAsync(3000);
    expect(world.sockets).toHaveLength(3);
  });

  it("keeps a line that is merely slow", async () => {
    call.join();
    await settle();
    const slow = world.socket;
    await vi.advanceTimersByTimeAsync(5000);
    slow.open();
    expect(slow.sent[0]).toMatchObject({ type: "hello" });
    expect(world.sockets.filter((s) => s !== slow).every((s) => s.closed)).toBe(true);
  });

  it("does not hear what an old socket still says", async () => {
    await inCall();
    const old = world.socket;
    world.socket.drop();
    await vi.advanceTimersByTimeAsync(1);
    await welcome({ participants: [] });
    old.hear({ type: "ended", reason: "completed" });
    expect(call.view.value.end).toBeNull();
  });
});

describe("chat", () => {
  it("shows my words at once and once only when they come back", async () => {
    await inCall();
    expect(call.say("  Good morning ")).toBe(true);
    expect(call.view.value.chat).toMatchObject([{ text: "Good morning", mine: true, state: "sending" }]);
    world.socket.hear({ type: "chat", id: 1, from: 41, text: "Good morning", at: "2026-11-22T14:00:00Z" });
    world.socket.hear({ type: "chat", id: 1, from: 41, text: "Good morning", at: "2026-11-22T14:00:00Z" });
    expect(call.view.value.chat).toMatchObject([{ text: "Good morning", mine: true, state: "sent" }]);
  });

  it("sends again after a break what the server never said back, and not what it did", async () => {
    await inCall();
    call.say("first");
    call.say("second");
    world.socket.drop();
    await vi.advanceTimersByTimeAsync(1);
    await welcome({ chat: [{ id: 1, from: 41, text: "first", at: "2026-11-22T14:00:00Z" }] });
    expect(world.socket.of("chat").map((m) => m["text"])).toEqual(["second"]);
    expect(call.view.value.chat.map((m) => [m.text, m.state])).toEqual([["first", "sent"], ["second", "sending"]]);
  });

  it("marks what was refused, and sends it again when asked", async () => {
    await inCall();
    call.say("too fast");
    world.socket.hear({ type: "error", code: "rate_limited", detail: "", fatal: false });
    const [message] = call.view.value.chat;
    expect(message?.state).toBe("failed");
    call.sayAgain(message?.id ?? "");
    expect(call.view.value.chat[0]?.state).toBe("sending");
    expect(world.socket.of("chat")).toHaveLength(2);
  });

  it("takes no empty text, no novel, and nothing before the doctor has begun", async () => {
    call.join();
    await settle();
    await welcome({ state: "waiting" });
    expect(call.say("hello")).toBe(false);
    world.socket.hear({ type: "admitted" });
    expect(call.say("   ")).toBe(false);
    expect(call.say("x".repeat(2001))).toBe(false);
  });
});

describe("the end", () => {
  it("tells why, and frees the connection", async () => {
    await inCall();
    world.socket.hear({ type: "ended", reason: "completed" });
    expect(call.view.value).toMatchObject({ state: "ended", end: { reason: "ended_by_doctor" } });
    expect(world.peer.closed).toBe(true);
  });

  it("says goodbye when I leave, so that nobody waits for me", async () => {
    await inCall();
    const { socket } = world;
    call.leave();
    expect(socket.of("leave")).toHaveLength(1);
    expect(call.view.value.end?.reason).toBe("left");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(world.sockets).toHaveLength(1);
  });
});
