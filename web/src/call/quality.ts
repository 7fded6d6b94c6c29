/**
 * From the numbers of getStats to a word, its cause and an advice. Pure: samples in,
 * verdict out. The thresholds follow what people notice: sound breaks up above about 5 %
 * loss, talk becomes hard above about 400 ms there and back.
 */
import type { Level } from "./call.ts";

/** Counters since the start of the connection, as one moment saw them. */
export interface MediaStats {
  /** Milliseconds, any clock that only runs forward. */
  readonly at: number;
  readonly sent: { packets: number; lost: number; bytes: number };
  readonly received: { packets: number; lost: number; bytes: number };
  readonly audioIn: { packets: number; concealed: number; samples: number; energy: number };
  readonly videoIn: { frames: number; width: number; height: number; freezes: number };
  readonly videoOut: { frames: number; width: number; height: number; limitedBy: "none" | "cpu" | "bandwidth" | "other" };
  /** Milliseconds there and back; null while unknown. */
  readonly roundTrip: number | null;
  /** Milliseconds. */
  readonly jitter: number | null;
  /** Bits per second that the browser thinks it may send; null where it does not say. */
  readonly available: number | null;
  /** At least one other person sends sound or a picture, so silence means trouble. */
  readonly expectsMedia: boolean;
  readonly sendsVideo: boolean;
}

export type Cause = "none" | "loss_out" | "loss_in" | "bandwidth_out" | "bandwidth_in" | "delay" | "jitter" | "cpu" | "silence";
export type Advice = "none" | "move_closer" | "picture_off" | "low_data" | "close_programs" | "wait";

export interface Verdict {
  readonly level: Level;
  readonly cause: Cause;
  readonly advice: Advice;
}

export const UNKNOWN: Verdict = { level: "unknown", cause: "none", advice: "none" };

interface Finding {
  readonly level: "fair" | "poor";
  readonly cause: Cause;
}

/** Share of packets lost between two samples, 0 to 1. */
function share(lost: number, packets: number): number {
  const all = lost + packets;
  return lost > 0 && all > 0 ? lost / all : 0;
}

/** What the time between two samples says. The worst finding wins; at equal rank the first. */
export function judge(before: MediaStats, now: MediaStats): Verdict {
  if (now.at - before.at < 200) return UNKNOWN;
  const findings: Finding[] = [];
  const limit = (value: number | null, fair: number, poor: number, cause: Cause) => {
    if (value === null) return;
    if (value >= poor) findings.push({ level: "poor", cause });
    else if (value >= fair) findings.push({ level: "fair", cause });
  };

  const arrived = now.received.packets - before.received.packets;
  if (now.expectsMedia && arrived <= 0) findings.push({ level: "poor", cause: "silence" });
  limit(share(now.sent.lost - before.sent.lost, now.sent.packets - before.sent.packets), 0.03, 0.08, "loss_out");
  limit(share(now.received.lost - before.received.lost, arrived), 0.03, 0.08, "loss_in");
  const samples = now.audioIn.samples - before.audioIn.samples;
  const concealed = now.audioIn.concealed - before.audioIn.concealed;
  if (samples > 0) limit(concealed / samples, 0.06, 0.15, "loss_in");
  limit(now.roundTrip, 350, 700, "delay");
  limit(now.jitter, 60, 150, "jitter");
  if (now.available !== null && now.sendsVideo) {
    if (now.available < 80_000) findings.push({ level: "poor", cause: "bandwidth_out" });
    else if (now.available < 200_000) findings.push({ level: "fair", cause: "bandwidth_out" });
  }
  if (now.videoIn.freezes - before.videoIn.freezes > 1) findings.push({ level: "fair", cause: "bandwidth_in" });
  if (now.sendsVideo && now.videoOut.limitedBy === "cpu") findings.push({ level: "fair", cause: "cpu" });

  const worst = findings.find((f) => f.level === "poor") ?? findings[0];
  if (!worst) return { level: "good", cause: "none", advice: "none" };
  return { ...worst, advice: adviceFor(worst.cause, worst.level, now.sendsVideo) };
}

function adviceFor(cause: Cause, level: "fair" | "poor", sendsVideo: boolean): Advice {
  switch (cause) {
    case "cpu":
      return "close_programs";
    case "silence":
      return "wait";
    case "loss_out":
    case "bandwidth_out":
      return sendsVideo && level === "poor" ? "picture_off" : "move_closer";
    case "loss_in":
    case "bandwidth_in":
      return level === "poor" ? "low_data" : "move_closer";
    case "delay":
    case "jitter":
      return "move_closer";
    case "none":
      return "none";
  }
}

/**
 * Keeps the word on the page from flickering: it falls when two verdicts in a row are
 * worse, and rises after four that are better. Silence is told at once.
 */
export class Steady {
  #shown: Verdict = UNKNOWN;
  #candidate: Verdict = UNKNOWN;
  #count = 0;

  get value(): Verdict {
    return this.#shown;
  }

  take(verdict: Verdict): Verdict {
    if (verdict.level === "unknown") return this.#shown;
    if (this.#shown.level === "unknown" || verdict.cause === "silence") return this.#show(verdict);
    if (verdict.level === this.#shown.level) {
      this.#count = 0;
      // The same word with another cause: say the new cause.
      return this.#show(verdict);
    }
    const worse = RANK[verdict.level] > RANK[this.#shown.level];
    const sameSide = RANK[this.#candidate.level] > RANK[this.#shown.level] === worse;
    this.#count = sameSide ? this.#count + 1 : 1;
    this.#candidate = verdict;
    if (this.#count >= (worse ? 2 : 4)) return this.#show(verdict);
    return this.#shown;
  }

  #show(verdict: Verdict): Verdict {
    this.#shown = verdict;
    this.#candidate = UNKNOWN;
    this.#count = 0;
    return verdict;
  }
}

const RANK: Record<Level, number> = { unknown: -1, good: 0, fair: 1, poor: 2 };

/** Reads a report of RTCPeerConnection.getStats into the few numbers that matter here. */
export function readStats(
  report: { forEach(visit: (entry: Record<string, unknown>) => void): void },
  context: { at: number; expectsMedia: boolean; sendsVideo: boolean },
): MediaStats {
  const sent = { packets: 0, lost: 0, bytes: 0 };
  const received = { packets: 0, lost: 0, bytes: 0 };
  const audioIn = { packets: 0, concealed: 0, samples: 0, energy: 0 };
  const videoIn = { frames: 0, width: 0, height: 0, freezes: 0 };
  const videoOut = { frames: 0, width: 0, height: 0, limitedBy: "none" as MediaStats["videoOut"]["limitedBy"] };
  let roundTrip: number | null = null;
  let jitter: number | null = null;
  let available: number | null = null;

  report.forEach((entry) => {
    const n = (key: string) => (typeof entry[key] === "number" ? entry[key] : 0);
    switch (entry["type"]) {
      case "inbound-rtp": {
        received.packets += n("packetsReceived");
        received.lost += Math.max(0, n("packetsLost"));
        received.bytes += n("bytesReceived");
        if (entry["kind"] === "audio") {
          audioIn.packets += n("packetsReceived");
          // What is made up while somebody is silent on purpose is no gap.
          audioIn.concealed += Math.max(0, n("concealedSamples") - n("silentConcealedSamples"));
          audioIn.samples += n("totalSamplesReceived");
          audioIn.energy += n("totalAudioEnergy");
          if (n("packetsReceived") > 0) jitter = Math.max(jitter ?? 0, n("jitter") * 1000);
        } else {
          videoIn.frames += n("framesDecoded");
          videoIn.freezes += n("freezeCount");
          if (n("frameWidth") * n("frameHeight") > videoIn.width * videoIn.height) {
            videoIn.width = n("frameWidth");
            videoIn.height = n("frameHeight");
          }
        }
        break;
      }
      case "outbound-rtp": {
        sent.packets += n("packetsSent");
        sent.bytes += n("bytesSent");
        if (entry["kind"] === "video") {
          videoOut.frames += n("framesEncoded");
          if (n("frameWidth") * n("frameHeight") > videoOut.width * videoOut.height) {
            videoOut.width = n("frameWidth");
            videoOut.height = n("frameHeight");
          }
          const reason = entry["qualityLimitationReason"];
          if (entry["active"] !== false && (reason === "cpu" || reason === "bandwidth" || reason === "other")) {
            if (videoOut.limitedBy !== "cpu") videoOut.limitedBy = reason;
          }
        }
        break;
      }
      case "remote-inbound-rtp":
        sent.lost += Math.max(0, n("packetsLost"));
        break;
      case "candidate-pair":
        if (entry["nominated"] === true && entry["state"] === "succeeded") {
          if (typeof entry["currentRoundTripTime"] === "number") roundTrip = entry["currentRoundTripTime"] * 1000;
          if (typeof entry["availableOutgoingBitrate"] === "number") available = entry["availableOutgoingBitrate"];
        }
        break;
    }
  });
  return { at: context.at, sent, received, audioIn, videoIn, videoOut, roundTrip, jitter, available, expectsMedia: context.expectsMedia, sendsVideo: context.sendsVideo };
}
