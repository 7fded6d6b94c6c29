/**
 * My side of a call: my devices, what I send, what I hear, and how well it goes. It ties
 * the modules together so that the page only shows and presses.
 */
import type { Call, Level } from "./call.ts";
import { type Devices, cameraWord, microphoneWord } from "./devices.ts";
import type { LevelMeter } from "./level_meter.ts";
import { MutedSpeech } from "./loudness.ts";
import { type MediaStats, type Verdict, Steady, UNKNOWN, judge } from "./quality.ts";
import { type Share, type ShareFailure, askForScreen } from "./screen_share.ts";
import { type Readable, Store } from "./store.ts";

export interface ConversationView {
  readonly quality: Verdict;
  /** I speak while my microphone is off. */
  readonly mutedSpeech: boolean;
  readonly lowData: boolean;
  readonly share: MediaStreamTrack | null;
  readonly shareFailure: Exclude<ShareFailure, "cancelled"> | null;
}

const SAMPLE_EVERY = 2000;

export class Conversation {
  readonly #call: Call;
  readonly #devices: Devices;
  readonly #meter: LevelMeter;
  readonly #askForScreen: () => Promise<Share | ShareFailure>;
  readonly #now: () => number;
  readonly #view = new Store<ConversationView>({ quality: UNKNOWN, mutedSpeech: false, lowData: false, share: null, shareFailure: null });
  readonly #steady = new Steady();
  readonly #muted = new MutedSpeech();
  readonly #ends: (() => void)[] = [];
  #listened: MediaStreamTrack | null = null;
  #sent: { microphone: MediaStreamTrack | null; camera: MediaStreamTrack | null } = { microphone: null, camera: null };
  #before: MediaStats | null = null;
  #lastLevel = 0;

  constructor(call: Call, devices: Devices, meter: LevelMeter, parts: { askForScreen: () => Promise<Share | ShareFailure>; now: () => number } = { askForScreen, now: () => performance.now() }) {
    this.#call = call;
    this.#devices = devices;
    this.#meter = meter;
    this.#askForScreen = parts.askForScreen;
    this.#now = parts.now;
    this.#ends.push(devices.view.subscribe(() => this.#devicesChanged()));
    this.#ends.push(call.view.subscribe(() => this.#callChanged()));
    this.#ends.push(meter.value.subscribe(() => this.#heard()));
    const timer = setInterval(() => void this.#sample(), SAMPLE_EVERY);
    this.#ends.push(() => clearInterval(timer));
    this.#devicesChanged();
  }

  get view(): Readable<ConversationView> {
    return this.#view;
  }

  setLowData(on: boolean): void {
    this.#view.patch({ lowData: on });
    this.#call.setLowData(on);
  }

  async startShare(): Promise<void> {
    if (this.#view.value.share) return;
    const share = await this.#askForScreen();
    if (typeof share === "string") {
      if (share !== "cancelled") this.#view.patch({ shareFailure: share });
      return;
    }
    // The browser has a button of its own to stop; it ends the track.
    share.picture.addEventListener("ended", () => this.stopShare());
    this.#view.patch({ share: share.picture, shareFailure: null });
    this.#call.publish("screen", share.picture);
    this.#call.publish("screen_audio", share.sound);
    this.#announce();
  }

  stopShare(): void {
    const { share } = this.#view.value;
    if (!share) return;
    share.stop();
    this.#view.patch({ share: null });
    this.#call.publish("screen", null);
    this.#call.publish("screen_audio", null);
    this.#announce();
  }

  dismissShareFailure(): void {
    this.#view.patch({ shareFailure: null });
  }

  stop(): void {
    this.stopShare();
    for (const end of this.#ends) end();
    this.#meter.stop();
  }

  #devicesChanged(): void {
    const { microphone } = this.#devices.view.value;
    if (this.#listened !== microphone.track) {
      this.#listened = microphone.track;
      this.#meter.listen(microphone.track);
    }
    for (const source of ["microphone", "camera"] as const) {
      const { track } = this.#devices.view.value[source];
      if (this.#sent[source] === track) continue;
      this.#sent[source] = track;
      // Like a film or like a page: a face is motion.
      if (track && source === "camera" && track.contentHint === "") track.contentHint = "motion";
      this.#call.publish(source, track);
    }
    this.#announce();
    this.#report(this.#view.value.quality.level);
  }

  #announce(): void {
    const { microphone, camera } = this.#devices.view.value;
    this.#call.announce({
      audio: microphone.wanted && microphone.track !== null,
      video: camera.wanted && camera.track !== null,
      screen: this.#view.value.share !== null,
    });
  }

  #callChanged(): void {
    const { end, mediaConnected } = this.#call.view.value;
    if (end) this.stopShare();
    if (!mediaConnected) this.#before = null;
  }

  #heard(): void {
    const now = this.#now();
    const elapsed = Math.min(1000, now - this.#lastLevel);
    this.#lastLevel = now;
    const { wanted, track } = this.#devices.view.value.microphone;
    const { speaking, dead } = this.#meter.value.value;
    this.#devices.reportSilence(dead && track !== null);
    this.#view.patch({ mutedSpeech: this.#muted.take(track !== null && !wanted, speaking, elapsed) });
  }

  async #sample(): Promise<void> {
    const stats = await this.#call.stats().catch(() => null);
    if (!stats) return;
    const before = this.#before;
    this.#before = stats;
    if (!before || stats.at <= before.at) return;
    const verdict = this.#steady.take(judge(before, stats));
    if (verdict.level !== this.#view.value.quality.level || verdict.cause !== this.#view.value.quality.cause) this.#view.patch({ quality: verdict });
    this.#report(verdict.level);
  }

  #report(network: Level): void {
    const { microphone, camera } = this.#devices.view.value;
    this.#call.report({ camera: cameraWord(camera), microphone: microphoneWord(microphone), network });
  }
}
