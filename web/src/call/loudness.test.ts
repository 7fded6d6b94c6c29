import { describe, expect, it } from "vitest";
import { Listener, MutedSpeech, levelOf } from "./loudness.ts";

describe("the level of a microphone", () => {
  it("follows the ear: silence is nothing, speech about two thirds, shouting all", () => {
    expect(levelOf(0)).toBe(0);
    expect(levelOf(0.0005)).toBe(0);
    expect(levelOf(0.06)).toBeGreaterThan(0.6);
    expect(levelOf(0.06)).toBeLessThan(0.75);
    expect(levelOf(0.9)).toBe(1);
  });

  it("rises at once and falls gently", () => {
    const ear = new Listener();
    const loud = ear.take(0.1, 0.3, 80).level;
    expect(loud).toBeGreaterThan(0.7);
    const after = ear.take(0.0001, 0.001, 80).level;
    expect(after).toBeLessThan(loud);
    expect(after).toBeGreaterThan(loud - 0.2);
  });

  it("calls it speech after a moment, and pauses between words are part of it", () => {
    const ear = new Listener();
    expect(ear.take(0.05, 0.2, 80).speaking).toBe(false);
    for (let i = 0; i < 3; i += 1) ear.take(0.05, 0.2, 80);
    expect(ear.value.speaking).toBe(true);
    ear.take(0.0005, 0.002, 400);
    expect(ear.value.speaking).toBe(true);
    ear.take(0.0005, 0.002, 400);
    expect(ear.value.speaking).toBe(false);
  });

  it("tells a dead microphone from a quiet room", () => {
    const quiet = new Listener();
    const dead = new Listener();
    for (let i = 0; i < 80; i += 1) {
      quiet.take(0.0004, 0.001, 100);
      dead.take(0, 0, 100);
    }
    expect(quiet.value.dead).toBe(false);
    expect(dead.value.dead).toBe(true);
    expect(dead.take(0.01, 0.05, 100).dead).toBe(false);
  });
});

describe("speaking while the sound is off", () => {
  it("is said after a while of speech, not at a cough", () => {
    const muted = new MutedSpeech();
    expect(muted.take(true, true, 400)).toBe(false);
    expect(muted.take(true, false, 400)).toBe(false);
    expect(muted.take(true, true, 400)).toBe(false);
    expect(muted.take(true, true, 400)).toBe(true);
  });

  it("goes when the sound is switched on, and does not nag again at the next word", () => {
    const muted = new MutedSpeech();
    muted.take(true, true, 1000);
    expect(muted.shown).toBe(true);
    expect(muted.take(false, true, 100)).toBe(false);
    expect(muted.take(true, true, 1000)).toBe(false);
    muted.take(true, false, 10_000);
    expect(muted.take(true, true, 1000)).toBe(true);
  });

  it("goes by itself some seconds after the last word", () => {
    const muted = new MutedSpeech();
    muted.take(true, true, 1000);
    muted.take(true, false, 4000);
    expect(muted.shown).toBe(true);
    muted.take(true, false, 1500);
    expect(muted.shown).toBe(false);
  });
});
