/** Listens to one audio track through WebAudio. The numbers are judged in `loudness.ts`. */
import { type Loudness, Listener } from "./loudness.ts";
import { type Readable, Store } from "./store.ts";

const INTERVAL = 80;

let shared: AudioContext | null = null;

/** One context for all meters: browsers allow few. Null where there is none. */
export function audioContext(): AudioContext | null {
  if (typeof AudioContext === "undefined") return null;
  shared ??= new AudioContext({ latencyHint: "interactive" });
  return shared;
}

/** Call from inside a tap or a key press: browsers keep a context asleep until then. */
export function wakeAudio(): void {
  const context = audioContext();
  if (context?.state === "suspended") void context.resume().catch(() => undefined);
}

export class LevelMeter {
  readonly #value = new Store<Loudness>({ level: 0, speaking: false, dead: false });
  #stop: (() => void) | null = null;

  get value(): Readable<Loudness> {
    return this.#value;
  }

  /** Listens to this track from now on; null listens to nothing. The track itself is not touched. */
  listen(track: MediaStreamTrack | null): void {
    this.#stop?.();
    this.#stop = null;
    this.#value.set({ level: 0, speaking: false, dead: false });
    const context = audioContext();
    if (!track || !context) return;
    // A clone stays on when the original is muted: that is how speaking while muted is noticed.
    const ears = track.clone();
    ears.enabled = true;
    const source = context.createMediaStreamSource(new MediaStream([ears]));
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const listener = new Listener();
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      const elapsed = Math.min(1000, now - last);
      last = now;
      // A sleeping context measures nothing, which is not silence.
      if (context.state !== "running" || track.muted) return;
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      let peak = 0;
      for (const sample of samples) {
        sum += sample * sample;
        peak = Math.max(peak, Math.abs(sample));
      }
      this.#value.set({ ...listener.take(Math.sqrt(sum / samples.length), peak, elapsed) });
    }, INTERVAL);
    this.#stop = () => {
      clearInterval(timer);
      source.disconnect();
      ears.stop();
    };
  }

  stop(): void {
    this.listen(null);
  }
}

/** A short, friendly sound through the chosen speaker, to hear whether it works. */
export async function playTestSound(speaker: string): Promise<void> {
  const context = audioContext();
  if (!context) return;
  // Without a tap before it the browser keeps it asleep; the sound must not come out at the next tap instead.
  await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 300))]);
  if (context.state !== "running") return;
  const out = context.createMediaStreamDestination();
  const volume = context.createGain();
  volume.connect(out);
  const start = context.currentTime + 0.05;
  volume.gain.setValueAtTime(0, start);
  for (const [index, pitch] of [523.25, 659.25, 783.99].entries()) {
    const tone = context.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(volume);
    const at = start + index * 0.18;
    volume.gain.linearRampToValueAtTime(0.25, at + 0.03);
    volume.gain.linearRampToValueAtTime(0.02, at + 0.17);
    tone.start(at);
    tone.stop(at + 0.18);
  }
  const element = new Audio();
  element.srcObject = out.stream;
  if (speaker !== "" && "setSinkId" in element) await element.setSinkId(speaker).catch(() => undefined);
  await element.play();
  await new Promise((done) => setTimeout(done, 900));
  element.pause();
  element.srcObject = null;
}
