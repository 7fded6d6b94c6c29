/**
 * My microphone and camera: asked for, chosen, remembered, lost and found again.
 * A missing device is a state with an explanation, never the end of the visit.
 */
import type { Browser } from "./browser.ts";
import type { DeviceReport } from "./call.ts";
import { type Device, type Trouble, environmentTrouble, troubleOf } from "./device_trouble.ts";
import { type Readable, Store } from "./store.ts";

export interface DeviceView {
  /** Switched on by the person. */
  readonly wanted: boolean;
  readonly track: MediaStreamTrack | null;
  readonly trouble: Trouble | null;
  /** The browser was asked and has not answered. */
  readonly asking: boolean;
  readonly label: string;
}

export interface Choice {
  readonly id: string;
  readonly label: string;
}

export interface SoundSettings {
  readonly echoCancellation: boolean;
  readonly noiseSuppression: boolean;
}

export interface DevicesView {
  readonly microphone: DeviceView;
  readonly camera: DeviceView;
  readonly microphones: readonly Choice[];
  readonly cameras: readonly Choice[];
  readonly speakers: readonly Choice[];
  readonly chosen: Readonly<Record<Device | "speaker", string>>;
  readonly sound: SoundSettings;
  /** The browser lets a page choose where sound comes out. */
  readonly speakerChoice: boolean;
  /** A device went away and another took its place: says which. */
  readonly replaced: { readonly device: Device; readonly label: string } | null;
}

/** The part of the browser that this module needs. */
export interface DeviceWorld {
  readonly secure: boolean;
  readonly hasPeerConnection: boolean;
  readonly speakerChoice: boolean;
  readonly media: Pick<MediaDevices, "getUserMedia" | "enumerateDevices" | "addEventListener" | "removeEventListener"> | null;
  readonly storage: Pick<Storage, "getItem" | "setItem"> | null;
  /** `granted`, `denied`, `prompt`, or null where the browser does not tell. */
  permission(device: Device): Promise<string | null>;
  /** Calls back when a permission was changed in the browser's own settings. The answer ends it. */
  onPermission(listener: () => void): () => void;
}

const STORED = "televisit.devices";
const OFF: DeviceView = { wanted: false, track: null, trouble: null, asking: false, label: "" };

interface Remembered {
  microphone?: string;
  camera?: string;
  speaker?: string;
  echoCancellation?: boolean;
  noiseSuppression?: boolean;
}

export class Devices {
  readonly #world: DeviceWorld;
  readonly #browser: Browser;
  readonly #view: Store<DevicesView>;
  /** Rises with each request for a device: only the last one counts. */
  readonly #request: Record<Device, number> = { microphone: 0, camera: 0 };
  /** Ends the listening to the present track of each. */
  readonly #ears: Record<Device, AbortController> = { microphone: new AbortController(), camera: new AbortController() };
  #stopped = false;
  readonly #onChange = () => void this.#changed();
  readonly #stopPermission: () => void;

  constructor(world: DeviceWorld, browser: Browser) {
    this.#world = world;
    this.#browser = browser;
    const kept = this.#remembered();
    this.#view = new Store<DevicesView>({
      microphone: OFF,
      camera: OFF,
      microphones: [],
      cameras: [],
      speakers: [],
      chosen: { microphone: kept.microphone ?? "", camera: kept.camera ?? "", speaker: kept.speaker ?? "" },
      sound: { echoCancellation: kept.echoCancellation ?? true, noiseSuppression: kept.noiseSuppression ?? true },
      speakerChoice: world.speakerChoice,
      replaced: null,
    });
    world.media?.addEventListener("devicechange", this.#onChange);
    this.#stopPermission = world.onPermission(() => void this.#allowed());
  }

  get view(): Readable<DevicesView> {
    return this.#view;
  }

  /** Asks for both with one question. What fails alone does not take the other with it. */
  async start(wanted: { microphone: boolean; camera: boolean }): Promise<void> {
    const devices = (["microphone", "camera"] as const).filter((d) => wanted[d]);
    for (const device of devices) this.#set(device, { wanted: true, asking: true, trouble: null });
    const trouble = environmentTrouble(
      { secure: this.#world.secure, hasMediaDevices: this.#world.media !== null, hasPeerConnection: this.#world.hasPeerConnection },
      this.#browser,
    );
    if (trouble) {
      for (const device of devices) this.#set(device, { asking: false, trouble });
      return;
    }
    if (devices.length < 2) {
      await Promise.all(devices.map((device) => this.#acquire(device)));
      return;
    }
    const ids = { microphone: ++this.#request.microphone, camera: ++this.#request.camera };
    try {
      const stream = await this.#ask({ audio: this.#constraints("microphone"), video: this.#constraints("camera") });
      this.#take("microphone", stream.getAudioTracks()[0] ?? null, ids.microphone);
      this.#take("camera", stream.getVideoTracks()[0] ?? null, ids.camera);
      await this.#enumerate();
    } catch (error) {
      if (this.#stopped) return;
      await this.#separately(troubleOf(error));
    }
  }

  /** Another try for one of them, or for both with one question. */
  async retry(device: Device | "both"): Promise<void> {
    if (device === "both") return this.start({ microphone: true, camera: true });
    this.#set(device, { wanted: true });
    await this.#acquire(device);
  }

  /** Switches a device on or off. A muted microphone is kept open, so that it is back at once; a camera is let go, so that its light goes out. */
  async setOn(device: Device, on: boolean): Promise<void> {
    const now = this.#view.value[device];
    this.#set(device, { wanted: on });
    if (device === "microphone" && now.track && now.track.readyState === "live") {
      now.track.enabled = on;
      return;
    }
    if (!on) {
      this.#request[device] += 1;
      this.#release(device);
      this.#set(device, { asking: false, trouble: null });
      return;
    }
    if (now.track && now.track.readyState === "live") return;
    await this.#acquire(device);
  }

  /** Another microphone or camera from the list; remembered for the next visit. */
  async choose(device: Device, id: string): Promise<void> {
    this.#view.patch({ chosen: { ...this.#view.value.chosen, [device]: id }, replaced: null });
    this.#remember();
    if (this.#view.value[device].wanted || this.#view.value[device].track) await this.#acquire(device);
  }

  /** Front to back on a phone, the next in the list elsewhere. */
  async switchCamera(): Promise<void> {
    const { cameras, chosen, camera } = this.#view.value;
    const current = camera.track?.getSettings().deviceId ?? chosen.camera;
    const next = cameras[(cameras.findIndex((c) => c.id === current) + 1) % cameras.length];
    if (next) await this.choose("camera", next.id);
  }

  chooseSpeaker(id: string): void {
    this.#view.patch({ chosen: { ...this.#view.value.chosen, speaker: id } });
    this.#remember();
  }

  async setSound(sound: Partial<SoundSettings>): Promise<void> {
    this.#view.patch({ sound: { ...this.#view.value.sound, ...sound } });
    this.#remember();
    const { track } = this.#view.value.microphone;
    if (!track) return;
    try {
      await track.applyConstraints(this.#constraints("microphone"));
    } catch {
      // Some browsers cannot change a running microphone: open it anew.
      await this.#acquire("microphone");
    }
  }

  dismissReplaced(): void {
    this.#view.patch({ replaced: null });
  }

  /** The level meter found that the microphone sends nothing at all, or that it does. */
  reportSilence(silent: boolean): void {
    const { trouble, track } = this.#view.value.microphone;
    if (silent && trouble === null && track) this.#set("microphone", { trouble: "silent" });
    if (!silent && trouble === "silent") this.#set("microphone", { trouble: null });
  }

  stop(): void {
    this.#stopped = true;
    this.#world.media?.removeEventListener("devicechange", this.#onChange);
    this.#stopPermission();
    for (const device of ["microphone", "camera"] as const) {
      this.#request[device] += 1;
      this.#release(device);
    }
  }

  /** The common question failed: find out which of the two it was about. */
  async #separately(trouble: Trouble): Promise<void> {
    if (trouble === "denied" || trouble === "dismissed" || trouble === "denied_by_system") {
      const [microphone, camera] = await Promise.all([this.#world.permission("microphone"), this.#world.permission("camera")]);
      // Only one of them is forbidden: the other may be asked for alone, without a second question.
      const askable = (state: string | null) => state === "granted" || (trouble === "denied" && state === "prompt");
      const microphoneToo = askable(microphone) && microphone !== camera;
      const cameraToo = askable(camera) && microphone !== camera;
      if (!microphoneToo) this.#set("microphone", { asking: false, trouble });
      if (!cameraToo) this.#set("camera", { asking: false, trouble });
      if (microphoneToo) await this.#acquire("microphone");
      if (cameraToo) await this.#acquire("camera");
      return;
    }
    await this.#acquire("microphone");
    await this.#acquire("camera");
  }

  async #acquire(device: Device): Promise<void> {
    const id = ++this.#request[device];
    const current = () => !this.#stopped && id === this.#request[device];
    this.#set(device, { asking: true, trouble: null });
    if (!this.#world.media) {
      this.#set(device, { asking: false, trouble: this.#world.secure ? "unsupported" : "insecure" });
      return;
    }
    // Two cameras at once fail on many phones: let the old one go first. A microphone is replaced without a gap.
    if (device === "camera") this.#release("camera");
    const key = device === "microphone" ? "audio" : "video";
    try {
      let stream: MediaStream;
      try {
        stream = await this.#ask({ [key]: this.#constraints(device) });
      } catch (error) {
        // The chosen one may be gone: any other is better than none.
        if (troubleOf(error) !== "missing" || this.#view.value.chosen[device] === "") throw error;
        stream = await this.#ask({ [key]: this.#constraints(device, false) });
      }
      this.#take(device, stream.getTracks()[0] ?? null, id);
      if (current()) await this.#enumerate();
    } catch (error) {
      if (current()) this.#set(device, { asking: false, trouble: troubleOf(error) });
    }
  }

  async #ask(constraints: MediaStreamConstraints): Promise<MediaStream> {
    if (!this.#world.media) throw new DOMException("", "SecurityError");
    return this.#world.media.getUserMedia(constraints);
  }

  #constraints(device: Device, chosen = true): MediaTrackConstraints {
    const { chosen: choice, sound } = this.#view.value;
    const id = choice[device];
    // `ideal` for the first question (a remembered device may be at home), `exact` would refuse.
    const which: MediaTrackConstraints = chosen && id !== "" ? { deviceId: { ideal: id } } : {};
    if (device === "microphone") {
      return { ...which, echoCancellation: sound.echoCancellation, noiseSuppression: sound.noiseSuppression, autoGainControl: true };
    }
    const size: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 } };
    return id !== "" && chosen ? { ...which, ...size } : { ...size, facingMode: "user" };
  }

  #take(device: Device, track: MediaStreamTrack | null, id: number): void {
    if (!track) {
      if (id === this.#request[device]) this.#set(device, { asking: false, trouble: "missing" });
      return;
    }
    const { wanted } = this.#view.value[device];
    if (this.#stopped || id !== this.#request[device] || (device === "camera" && !wanted)) {
      track.stop();
      return;
    }
    this.#release(device);
    // Another microphone chosen while muted stays muted.
    if (device === "microphone") track.enabled = wanted;
    this.#ears[device] = new AbortController();
    const { signal } = this.#ears[device];
    track.addEventListener("ended", () => void this.#lost(device), { signal });
    track.addEventListener("mute", () => this.#set(device, { trouble: "interrupted" }), { signal });
    const back = () => {
      if (this.#view.value[device].trouble === "interrupted") this.#set(device, { trouble: null });
    };
    track.addEventListener("unmute", back, { signal });
    this.#set(device, { track, asking: false, trouble: null, label: track.label });
  }

  #release(device: Device): void {
    const { track } = this.#view.value[device];
    if (!track) return;
    this.#ears[device].abort();
    track.stop();
    this.#set(device, { track: null });
  }

  /** The device went away in the middle: take another one, or say so. */
  async #lost(device: Device): Promise<void> {
    const before = this.#view.value[device].label;
    this.#release(device);
    await this.#enumerate();
    const left = device === "microphone" ? this.#view.value.microphones : this.#view.value.cameras;
    const others = left.filter((choice) => choice.label !== before || before === "");
    const permission = await this.#world.permission(device);
    if (permission === "denied") {
      this.#set(device, { trouble: "denied" });
      return;
    }
    if (others.length === 0 || !this.#view.value[device].wanted) {
      this.#set(device, { trouble: "unplugged" });
      return;
    }
    await this.#acquire(device);
    const now = this.#view.value[device];
    if (now.track) this.#view.patch({ replaced: { device, label: now.label } });
    else this.#set(device, { trouble: "unplugged" });
  }

  async #changed(): Promise<void> {
    await this.#enumerate();
    // Somebody plugged in what was missing: take it without being asked.
    for (const device of ["microphone", "camera"] as const) {
      const { trouble, wanted, asking } = this.#view.value[device];
      const list = device === "microphone" ? this.#view.value.microphones : this.#view.value.cameras;
      if (wanted && !asking && (trouble === "missing" || trouble === "unplugged") && list.length > 0) await this.#acquire(device);
    }
  }

  /** Allowed at last, in the browser's settings: go on without another press. */
  async #allowed(): Promise<void> {
    for (const device of ["microphone", "camera"] as const) {
      const { trouble, wanted, asking } = this.#view.value[device];
      if (!wanted || asking || (trouble !== "denied" && trouble !== "dismissed")) continue;
      if ((await this.#world.permission(device)) === "granted") await this.#acquire(device);
    }
  }

  async #enumerate(): Promise<void> {
    if (!this.#world.media) return;
    try {
      const all = await this.#world.media.enumerateDevices();
      if (this.#stopped) return;
      const of = (kind: MediaDeviceKind) =>
        // Chrome lists "default" and "communications" beside the devices they stand for.
        all.filter((d) => d.kind === kind && d.deviceId !== "" && d.deviceId !== "communications").map((d) => ({ id: d.deviceId, label: d.label }));
      this.#view.patch({ microphones: of("audioinput"), cameras: of("videoinput"), speakers: of("audiooutput") });
    } catch {
      // A list that cannot be had leaves the menus as they are.
    }
  }

  #set(device: Device, fields: Partial<DeviceView>): void {
    const now = this.#view.value[device];
    const next = { ...now, ...fields };
    if ((Object.keys(fields) as (keyof DeviceView)[]).some((key) => now[key] !== next[key])) this.#view.patch({ [device]: next });
  }

  #remembered(): Remembered {
    try {
      const value: unknown = JSON.parse(this.#world.storage?.getItem(STORED) ?? "{}");
      if (typeof value !== "object" || value === null) return {};
      const fields = value as Record<string, unknown>;
      const kept: Remembered = {};
      for (const key of ["microphone", "camera", "speaker"] as const) if (typeof fields[key] === "string") kept[key] = fields[key];
      for (const key of ["echoCancellation", "noiseSuppression"] as const) if (typeof fields[key] === "boolean") kept[key] = fields[key];
      return kept;
    } catch {
      return {};
    }
  }

  #remember(): void {
    const { chosen, sound } = this.#view.value;
    try {
      this.#world.storage?.setItem(STORED, JSON.stringify({ ...chosen, ...sound }));
    } catch {
      // Private windows may refuse to keep anything; the choice holds for this visit.
    }
  }
}

/** What is wrong, each trouble once: the same trouble of both devices is one. */
export function troublesOf(view: Pick<DevicesView, Device>): { device: Device | "both"; trouble: Trouble }[] {
  const { microphone, camera } = view;
  if (microphone.trouble && microphone.trouble === camera.trouble) return [{ device: "both", trouble: microphone.trouble }];
  return (["microphone", "camera"] as const).flatMap((device) => {
    const { trouble } = view[device];
    return trouble ? [{ device, trouble }] : [];
  });
}

/** What goes to the clinic's board about my devices. */
export function microphoneWord(view: DeviceView): DeviceReport["microphone"] {
  return view.trouble === "silent" ? "silent" : cameraWord(view);
}

export function cameraWord(view: DeviceView): DeviceReport["camera"] {
  if (view.trouble !== null) return "blocked";
  if (view.asking) return "unknown";
  return view.wanted && view.track ? "ok" : "off";
}

export function browserDevices(): DeviceWorld {
  let storage: Storage | null = null;
  try {
    storage = window.localStorage;
  } catch {
    // Blocked by a setting of the browser.
  }
  return {
    secure: window.isSecureContext,
    hasPeerConnection: typeof RTCPeerConnection !== "undefined",
    speakerChoice: typeof HTMLMediaElement !== "undefined" && "setSinkId" in HTMLMediaElement.prototype,
    media: navigator.mediaDevices ?? null,
    storage,
    async permission(device) {
      try {
        return (await navigator.permissions.query({ name: device as PermissionName })).state;
      } catch {
        return null;
      }
    },
    onPermission(listener) {
      const ears = new AbortController();
      for (const name of ["microphone", "camera"]) {
        navigator.permissions?.query({ name: name as PermissionName }).then(
          (status) => status.addEventListener("change", listener, { signal: ears.signal }),
          // Not told by this browser: "Try again" remains.
          () => undefined,
        );
      }
      return () => ears.abort();
    },
  };
}
