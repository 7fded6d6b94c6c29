/** What the level of a microphone says: how loud, whether somebody speaks, whether it is dead. Pure. */

export interface Loudness {
  /** 0 to 1 on a scale that follows the ear, for the meter. */
  readonly level: number;
  readonly speaking: boolean;
  /** Not the smallest noise for several seconds: no microphone in a room is that quiet. */
  readonly dead: boolean;
}

const SPEECH_LEVEL = 0.28;
const SPEECH_START = 200;
const SPEECH_END = 700;
/** Full scale 1. Even a quiet room gives about 0.001; a cut wire or a switched-off headset gives 0. */
const DEAD_PEAK = 0.0002;
const DEAD_AFTER = 6000;

/** -60 dB is 0 and -6 dB is 1: speech at the usual distance fills about two thirds. */
export function levelOf(rms: number): number {
  if (rms <= 0) return 0;
  const decibel = 20 * Math.log10(rms);
  return Math.min(1, Math.max(0, (decibel + 60) / 54));
}

export class Listener {
  #now: Loudness = { level: 0, speaking: false, dead: false };
  #loudFor = 0;
  #quietFor = 0;
  #deadFor = 0;

  get value(): Loudness {
    return this.#now;
  }

  /** One measurement: root mean square and peak of the last stretch, and the time since the one before in ms. */
  take(rms: number, peak: number, elapsed: number): Loudness {
    const heard = levelOf(rms);
    // Up at once, down gently: a bar that trembles is not read.
    const level = heard > this.#now.level ? heard : Math.max(heard, this.#now.level - elapsed / 600);
    if (heard >= SPEECH_LEVEL) {
      this.#loudFor += elapsed;
      this.#quietFor = 0;
    } else {
      this.#quietFor += elapsed;
      if (this.#quietFor > 150) this.#loudFor = 0;
    }
    const speaking = this.#now.speaking ? this.#quietFor < SPEECH_END : this.#loudFor >= SPEECH_START;
    this.#deadFor = peak < DEAD_PEAK ? this.#deadFor + elapsed : 0;
    this.#now = { level, speaking, dead: this.#deadFor >= DEAD_AFTER };
    return this.#now;
  }
}

/** "Your sound is off while you speak": after a while of speech, and not again at each word. */
export class MutedSpeech {
  #spokenFor = 0;
  #shownFor = 0;
  #restFor = Number.POSITIVE_INFINITY;
  #shown = false;

  get shown(): boolean {
    return this.#shown;
  }

  take(muted: boolean, speaking: boolean, elapsed: number): boolean {
    this.#restFor += elapsed;
    if (!muted) {
      this.#spokenFor = 0;
      this.#hide();
      return false;
    }
    this.#spokenFor = speaking ? this.#spokenFor + elapsed : 0;
    if (this.#shown) {
      this.#shownFor = speaking ? 0 : this.#shownFor + elapsed;
      if (this.#shownFor >= 5000) this.#hide();
    } else if (this.#spokenFor >= 800 && this.#restFor >= 10_000) {
      this.#shown = true;
      this.#shownFor = 0;
    }
    return this.#shown;
  }

  #hide(): void {
    if (this.#shown) this.#restFor = 0;
    this.#shown = false;
  }
}
