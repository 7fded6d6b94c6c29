import { describe, expect, it } from "vitest";
import { type MediaStats, type Verdict, Steady, judge, readStats } from "./quality.ts";

const start: MediaStats = {
  at: 0,
  sent: { packets: 0, lost: 0, bytes: 0 },
  received: { packets: 0, lost: 0, bytes: 0 },
  audioIn: { packets: 0, concealed: 0, samples: 0, energy: 0 },
  videoIn: { frames: 0, width: 0, height: 0, freezes: 0 },
  videoOut: { frames: 0, width: 0, height: 0, limitedBy: "none" },
  roundTrip: 40,
  jitter: 5,
  available: 2_000_000,
  expectsMedia: true,
  sendsVideo: true,
};
const good: MediaStats = { ...start, at: 2000, sent: { packets: 300, lost: 0, bytes: 300_000 }, received: { packets: 300, lost: 0, bytes: 300_000 }, audioIn: { packets: 100, concealed: 0, samples: 96_000, energy: 1 } };
const verdict = (now: Partial<MediaStats>) => judge(start, { ...good, ...now });

describe("the connection in a word", () => {
  it("is good when everything arrives in time", () => {
    expect(verdict({})).toEqual({ level: "good", cause: "none", advice: "none" });
  });

  it("is weak when a tenth of what I send is lost, and my picture is the thing to give up", () => {
    expect(verdict({ sent: { packets: 270, lost: 30, bytes: 1 } })).toEqual({ level: "poor", cause: "loss_out", advice: "picture_off" });
  });

  it("does not tell somebody without a picture to switch it off", () => {
    expect(verdict({ sent: { packets: 270, lost: 30, bytes: 1 }, sendsVideo: false }).advice).toBe("move_closer");
  });

  it("is weak when a tenth of what comes is lost, and sound first helps", () => {
    expect(verdict({ received: { packets: 270, lost: 30, bytes: 1 } })).toEqual({ level: "poor", cause: "loss_in", advice: "low_data" });
  });

  it("is fair with a few gaps", () => {
    expect(verdict({ received: { packets: 285, lost: 15, bytes: 1 } })).toMatchObject({ level: "fair", cause: "loss_in" });
  });

  it("is weak at once when nothing arrives though somebody sends", () => {
    expect(verdict({ received: start.received })).toEqual({ level: "poor", cause: "silence", advice: "wait" });
  });

  it("is not weak when nobody sends anything", () => {
    expect(verdict({ received: start.received, audioIn: start.audioIn, expectsMedia: false }).level).toBe("good");
  });

  it("blames a long way, uneven arrival, a narrow upload and a busy device by name", () => {
    expect(verdict({ roundTrip: 500 })).toMatchObject({ level: "fair", cause: "delay" });
    expect(verdict({ roundTrip: 900 })).toMatchObject({ level: "poor", cause: "delay" });
    expect(verdict({ jitter: 80 })).toMatchObject({ level: "fair", cause: "jitter" });
    expect(verdict({ available: 60_000 })).toMatchObject({ level: "poor", cause: "bandwidth_out", advice: "picture_off" });
    expect(verdict({ videoOut: { frames: 1, width: 1, height: 1, limitedBy: "cpu" } })).toEqual({ level: "fair", cause: "cpu", advice: "close_programs" });
  });

  it("counts sound that had to be made up even when no packet is called lost", () => {
    expect(verdict({ audioIn: { packets: 100, concealed: 20_000, samples: 96_000, energy: 1 } })).toMatchObject({ level: "poor", cause: "loss_in" });
  });

  it("says nothing about a moment too short to measure", () => {
    expect(judge(start, { ...good, at: 100 }).level).toBe("unknown");
  });
});

describe("the word on the page", () => {
  const poor: Verdict = { level: "poor", cause: "loss_in", advice: "low_data" };
  const fine: Verdict = { level: "good", cause: "none", advice: "none" };

  it("does not fall for a single bad moment", () => {
    const steady = new Steady();
    steady.take(fine);
    expect(steady.take(poor).level).toBe("good");
    expect(steady.take(fine).level).toBe("good");
    expect(steady.take(poor).level).toBe("good");
    expect(steady.take(poor).level).toBe("poor");
  });

  it("rises only after several good moments", () => {
    const steady = new Steady();
    steady.take(poor);
    expect([1, 2, 3, 4].map(() => steady.take(fine).level)).toEqual(["poor", "poor", "poor", "good"]);
  });

  it("tells silence at once", () => {
    const steady = new Steady();
    steady.take(fine);
    expect(steady.take({ level: "poor", cause: "silence", advice: "wait" }).cause).toBe("silence");
  });
});

describe("reading getStats", () => {
  it("takes the few numbers that matter out of a report of Chromium", () => {
    const report = [
      { type: "inbound-rtp", kind: "audio", packetsReceived: 500, packetsLost: 3, bytesReceived: 40_000, jitter: 0.012, concealedSamples: 960, silentConcealedSamples: 480, totalSamplesReceived: 480_000, totalAudioEnergy: 2.5 },
      { type: "inbound-rtp", kind: "audio", packetsReceived: 0, jitter: 9 },
      { type: "inbound-rtp", kind: "video", packetsReceived: 900, packetsLost: -2, bytesReceived: 900_000, framesDecoded: 240, frameWidth: 640, frameHeight: 360, freezeCount: 1 },
      { type: "outbound-rtp", kind: "video", rid: "q", packetsSent: 100, bytesSent: 50_000, framesEncoded: 200, frameWidth: 320, frameHeight: 180, qualityLimitationReason: "bandwidth", active: true },
      { type: "outbound-rtp", kind: "video", rid: "f", packetsSent: 0, framesEncoded: 0, qualityLimitationReason: "cpu", active: false },
      { type: "remote-inbound-rtp", packetsLost: 4 },
      { type: "candidate-pair", nominated: true, state: "succeeded", currentRoundTripTime: 0.045, availableOutgoingBitrate: 1_200_000 },
      { type: "candidate-pair", nominated: false, state: "failed", currentRoundTripTime: 9 },
    ];
    const stats = readStats(report as unknown as { forEach(visit: (entry: Record<string, unknown>) => void): void }, { at: 1000, expectsMedia: true, sendsVideo: true });
    expect(stats).toMatchObject({
      received: { packets: 1400, lost: 3, bytes: 940_000 },
      audioIn: { packets: 500, concealed: 480, samples: 480_000, energy: 2.5 },
      videoIn: { frames: 240, width: 640, height: 360, freezes: 1 },
      sent: { packets: 100, lost: 4, bytes: 50_000 },
      videoOut: { frames: 200, width: 320, height: 180, limitedBy: "bandwidth" },
      roundTrip: 45,
      jitter: 12,
      available: 1_200_000,
    });
  });
});
