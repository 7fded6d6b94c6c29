// What of a call arrives: numbers of the browser's own statistics, sound through WebAudio, pixels of a screenshot.
import { inflateSync } from "node:zlib";
import { setTimeout as pause } from "node:timers/promises";

/** Sums over all peer connections of the page that are not closed. */
export function received(page) {
  return page.evaluate(async () => {
    const sum = { connections: 0, connected: 0, framesDecoded: 0, audioPackets: 0, audioEnergy: 0, framesSent: 0, freezes: 0, lost: 0, protocols: [] };
    for (const connection of window.televisitTest.connections) {
      if (connection.connectionState === "closed") continue;
      sum.connections += 1;
      if (connection.connectionState === "connected") sum.connected += 1;
      const report = await connection.getStats();
      for (const entry of report.values()) {
        if (entry.type === "inbound-rtp" && entry.kind === "video") {
          sum.framesDecoded += entry.framesDecoded ?? 0;
          sum.freezes += entry.freezeCount ?? 0;
        }
        if (entry.type === "inbound-rtp" && entry.kind === "audio") {
          sum.audioPackets += entry.packetsReceived ?? 0;
          sum.audioEnergy += entry.totalAudioEnergy ?? 0;
        }
        if (entry.type === "inbound-rtp") sum.lost += entry.packetsLost ?? 0;
        if (entry.type === "outbound-rtp" && entry.kind === "video") sum.framesSent += entry.framesSent ?? 0;
        if (entry.type === "candidate-pair" && entry.nominated && entry.state === "succeeded") {
          sum.protocols.push(report.get(entry.localCandidateId)?.protocol ?? "?");
        }
      }
    }
    return sum;
  });
}

/** Waits until frames are being decoded right now: `frames` more than at the first look. */
export async function moving(page, { frames = 10, within = 20_000, what = "the picture" } = {}) {
  const began = Date.now();
  let first;
  let last;
  while (Date.now() - began < within) {
    last = await received(page);
    // A new connection counts from nothing again.
    if (first === undefined || last.framesDecoded < first.framesDecoded) first = last;
    if (last.framesDecoded >= first.framesDecoded + frames) return last;
    await pause(250);
  }
  throw new Error(`${what} does not move: ${JSON.stringify(first)} -> ${JSON.stringify(last)}`);
}

/**
 * The loudest moment of what the page plays of others, over `seconds`: only elements that play, are not muted and have
 * a live track count, so that a track nobody attached stays silent here as it does for the person.
 */
export function loudness(page, seconds = 3) {
  return page.evaluate(async (time) => {
    const context = new AudioContext();
    await context.resume();
    const taps = [];
    for (const element of document.querySelectorAll("audio, video")) {
      const stream = element.srcObject;
      if (!(stream instanceof MediaStream) || element.muted || element.paused || element.volume === 0) continue;
      const live = stream.getAudioTracks().filter((track) => track.readyState === "live" && !track.muted);
      if (live.length === 0) continue;
      const tap = context.createAnalyser();
      tap.fftSize = 2048;
      context.createMediaStreamSource(new MediaStream(live)).connect(tap);
      taps.push(tap);
    }
    const samples = new Float32Array(2048);
    let loudest = 0;
    const end = performance.now() + time * 1000;
    while (performance.now() < end) {
      for (const tap of taps) {
        tap.getFloatTimeDomainData(samples);
        let sum = 0;
        for (const sample of samples) sum += sample * sample;
        loudest = Math.max(loudest, Math.sqrt(sum / samples.length));
      }
      await new Promise((next) => setTimeout(next, 20));
    }
    await context.close();
    return { elements: taps.length, loudest };
  }, seconds);
}

/** Mean and spread (standard deviation) of the brightness of a PNG, 0 to 255: black is 0 and 0, a grey wall has no spread. */
export function brightness(png) {
  const { width, height, pixels, channels } = decode(png);
  let sum = 0;
  let squares = 0;
  const count = width * height;
  for (let at = 0; at < count; at += 1) {
    const p = at * channels;
    const light = 0.299 * pixels[p] + 0.587 * pixels[p + 1] + 0.114 * pixels[p + 2];
    sum += light;
    squares += light * light;
  }
  const mean = sum / count;
  return { mean, spread: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/** The pixels of a PNG as Chromium writes it: 8 bits a channel, RGB or RGBA, not interlaced. */
function decode(png) {
  let at = 8;
  let width = 0;
  let height = 0;
  let channels = 4;
  const parts = [];
  while (at < png.length) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === "IHDR") {
      width = body.readUInt32BE(0);
      height = body.readUInt32BE(4);
      channels = body[9] === 6 ? 4 : 3;
      if (body[8] !== 8 || (body[9] !== 2 && body[9] !== 6) || body[12] !== 0) throw new Error("not a PNG as Chromium writes it");
    }
    if (type === "IDAT") parts.push(body);
    at += length + 12;
  }
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const pixels = Buffer.alloc(stride * height);
  for (let row = 0; row < height; row += 1) {
    const filter = raw[row * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const value = raw[row * (stride + 1) + 1 + x];
      const left = x >= channels ? pixels[row * stride + x - channels] : 0;
      const up = row > 0 ? pixels[(row - 1) * stride + x] : 0;
      const corner = row > 0 && x >= channels ? pixels[(row - 1) * stride + x - channels] : 0;
      let guess = 0;
      if (filter === 1) guess = left;
      if (filter === 2) guess = up;
      if (filter === 3) guess = (left + up) >> 1;
      if (filter === 4) {
        const estimate = left + up - corner;
        const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
        guess = a <= b && a <= c ? left : b <= c ? up : corner;
      }
      pixels[row * stride + x] = (value + guess) & 255;
    }
  }
  return { width, height, channels, pixels };
}
