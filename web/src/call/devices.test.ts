import { beforeEach, describe, expect, it } from "vitest";
import { type DeviceWorld, Devices, cameraWord, microphoneWord } from "./devices.ts";
import { FakeTrack } from "./fakes.ts";

const chrome = { name: "chrome", system: "windows", mobile: false } as const;

/** A computer with plugs: devices are there or not, allowed or not, in use or not. */
class Computer implements DeviceWorld {
  secure = true;
  hasPeerConnection = true;
  speakerChoice = true;
  plugged = [
    { kind: "audioinput", deviceId: "mic-1", label: "Built-in microphone" },
    { kind: "videoinput", deviceId: "cam-1", label: "Built-in camera" },
    { kind: "audiooutput", deviceId: "spk-1", label: "Built-in speaker" },
  ];
  permissions: Record<string, string | null> = { microphone: "granted", camera: "granted" };
  errors: { audio?: DOMException; video?: DOMException; both?: DOMException } = {};
  questions: MediaStreamConstraints[] = [];
  tracks: FakeTrack[] = [];
  kept = new Map<string, string>();
  storage = { getItem: (key: string) => this.kept.get(key) ?? null, setItem: (key: string, value: string) => void this.kept.set(key, value) };
  readonly #target = new EventTarget();
  media: DeviceWorld["media"] = {
    getUserMedia: (async (constraints: MediaStreamConstraints) => {
      this.questions.push(constraints);
      const error = constraints.audio && constraints.video ? this.errors.both : constraints.audio ? this.errors.audio : this.errors.video;
      if (error) throw error;
      const made = (["audio", "video"] as const).filter((kind) => constraints[kind]).map((kind) => this.#open(kind, constraints[kind] as MediaTrackConstraints));
      return { getTracks: () => made, getAudioTracks: () => made.filter((t) => t.kind === "audio"), getVideoTracks: () => made.filter((t) => t.kind === "video") };
    }) as unknown as MediaDevices["getUserMedia"],
    enumerateDevices: (async () => this.plugged) as unknown as MediaDevices["enumerateDevices"],
    addEventListener: this.#target.addEventListener.bind(this.#target) as MediaDevices["addEventListener"],
    removeEventListener: this.#target.removeEventListener.bind(this.#target) as MediaDevices["removeEventListener"],
  };

  tellPermission: () => void = () => undefined;

  onPermission(listener: () => void): () => void {
    this.tellPermission = listener;
    return () => undefined;
  }

  async permission(device: string): Promise<string | null> {
    return this.permissions[device] ?? null;
  }

  async change(): Promise<void> {
    this.#target.dispatchEvent(new Event("devicechange"));
    await settled();
  }

  #open(kind: "audio" | "video", constraints: MediaTrackConstraints): FakeTrack {
    const wanted = (constraints.deviceId as { ideal?: string } | undefined)?.ideal;
    const all = this.plugged.filter((d) => d.kind === `${kind}input`);
    const device = all.find((d) => d.deviceId === wanted) ?? all[0];
    if (!device) throw new DOMException("Requested device not found", "NotFoundError");
    const track = new FakeTrack(kind, device.label, device.deviceId);
    this.tracks.push(track);
    return track;
  }
}

const settled = () => new Promise((done) => setTimeout(done, 0));
const both = { microphone: true, camera: true };

let computer: Computer;
let devices: Devices;
beforeEach(() => {
  computer = new Computer();
  devices = new Devices(computer, chrome);
});

describe("asking for microphone and camera", () => {
  it("asks once for both", async () => {
    await devices.start(both);
    expect(computer.questions).toHaveLength(1);
    expect(devices.view.value.microphone.track).not.toBeNull();
    expect(devices.view.value.camera.label).toBe("Built-in camera");
    expect(devices.view.value.speakers.map((s) => s.label)).toEqual(["Built-in speaker"]);
  });

  it("joins with sound only when there is no camera", async () => {
    computer.plugged = computer.plugged.filter((d) => d.kind !== "videoinput");
    await devices.start(both);
    expect(devices.view.value.microphone.track).not.toBeNull();
    expect(devices.view.value.camera).toMatchObject({ track: null, trouble: "missing", asking: false });
  });

  it("joins with sound only when another program holds the camera", async () => {
    computer.errors = { both: new DOMException("", "NotReadableError"), video: new DOMException("", "NotReadableError") };
    await devices.start(both);
    expect(devices.view.value.microphone.track).not.toBeNull();
    expect(devices.view.value.camera.trouble).toBe("busy");
  });

  it("does not ask again for what was refused, but takes what is allowed", async () => {
    computer.errors = { both: new DOMException("Permission denied", "NotAllowedError"), video: new DOMException("Permission denied", "NotAllowedError") };
    computer.permissions = { microphone: "granted", camera: "denied" };
    await devices.start(both);
    expect(devices.view.value.microphone.track).not.toBeNull();
    expect(devices.view.value.camera.trouble).toBe("denied");
    expect(computer.questions.filter((q) => q.video && !q.audio)).toHaveLength(0);
  });

  it("asks no second question when both were refused", async () => {
    computer.errors = { both: new DOMException("Permission denied", "NotAllowedError") };
    computer.permissions = { microphone: "denied", camera: "denied" };
    await devices.start(both);
    expect(computer.questions).toHaveLength(1);
    expect(devices.view.value.microphone.trouble).toBe("denied");
    expect(devices.view.value.camera.trouble).toBe("denied");
  });

  it("goes on by itself when the permission is given in the browser's settings", async () => {
    computer.errors = { both: new DOMException("Permission denied", "NotAllowedError") };
    computer.permissions = { microphone: "denied", camera: "denied" };
    await devices.start(both);
    computer.errors = {};
    computer.permissions = { microphone: "granted", camera: "granted" };
    computer.tellPermission();
    await settled();
    expect(devices.view.value.microphone.track).not.toBeNull();
    expect(devices.view.value.camera).toMatchObject({ trouble: null, label: "Built-in camera" });
  });

  it("says that the address is not secure instead of failing", async () => {
    computer.secure = false;
    computer.media = null;
    devices = new Devices(computer, chrome);
    await devices.start(both);
    expect(devices.view.value.camera.trouble).toBe("insecure");
  });

  it("tries again when asked, and forgets the trouble", async () => {
    computer.errors = { both: new DOMException("", "NotReadableError"), video: new DOMException("", "NotReadableError") };
    await devices.start(both);
    computer.errors = {};
    await devices.retry("camera");
    expect(devices.view.value.camera).toMatchObject({ trouble: null, label: "Built-in camera" });
  });
});

describe("switching", () => {
  it("keeps a muted microphone open and lets a camera go", async () => {
    await devices.start(both);
    const [microphone, camera] = computer.tracks;
    await devices.setOn("microphone", false);
    await devices.setOn("camera", false);
    expect(microphone).toMatchObject({ readyState: "live", enabled: false });
    expect(camera?.readyState).toBe("ended");
    await devices.setOn("microphone", true);
    await devices.setOn("camera", true);
    expect(microphone?.enabled).toBe(true);
    expect(computer.tracks).toHaveLength(3);
  });

  it("stops a camera that comes too late because it was switched off meanwhile", async () => {
    const starting = devices.start(both);
    await devices.setOn("camera", false);
    await starting;
    expect(devices.view.value.camera.track).toBeNull();
    expect(computer.tracks.find((t) => t.kind === "video")?.readyState).toBe("ended");
  });

  it("changes to another microphone while muted and stays muted", async () => {
    computer.plugged.push({ kind: "audioinput", deviceId: "mic-2", label: "Headset" });
    await devices.start(both);
    await devices.setOn("microphone", false);
    await devices.choose("microphone", "mic-2");
    expect(devices.view.value.microphone).toMatchObject({ label: "Headset", wanted: false });
    expect(devices.view.value.microphone.track?.enabled).toBe(false);
  });

  it("remembers what was chosen for the next visit", async () => {
    computer.plugged.push({ kind: "audioinput", deviceId: "mic-2", label: "Headset" });
    await devices.start(both);
    await devices.choose("microphone", "mic-2");
    devices.chooseSpeaker("spk-1");
    await devices.setSound({ noiseSuppression: false });
    const again = new Devices(computer, chrome);
    expect(again.view.value.chosen).toEqual({ microphone: "mic-2", camera: "", speaker: "spk-1" });
    expect(again.view.value.sound).toEqual({ echoCancellation: true, noiseSuppression: false });
    await again.start(both);
    expect(again.view.value.microphone.label).toBe("Headset");
  });

  it("is not confused by what it finds in the storage", () => {
    for (const nonsense of ["{", "null", "[]", '{"microphone":3,"echoCancellation":"yes"}']) {
      computer.kept.set("televisit.devices", nonsense);
      expect(new Devices(computer, chrome).view.value.chosen.microphone).toBe("");
    }
  });
});

describe("devices that go away", () => {
  it("takes another microphone when the headset is unplugged, and says so", async () => {
    computer.plugged.unshift({ kind: "audioinput", deviceId: "mic-2", label: "Headset" });
    await devices.start(both);
    expect(devices.view.value.microphone.label).toBe("Headset");
    computer.plugged.shift();
    computer.tracks.find((t) => t.label === "Headset")?.vanish();
    await settled();
    await settled();
    expect(devices.view.value.microphone).toMatchObject({ label: "Built-in microphone", trouble: null });
    expect(devices.view.value.replaced).toEqual({ device: "microphone", label: "Built-in microphone" });
  });

  it("says that the only camera was unplugged, and takes it back when it returns", async () => {
    await devices.start(both);
    const camera = computer.plugged.splice(1, 1);
    computer.tracks.find((t) => t.kind === "video")?.vanish();
    await settled();
    expect(devices.view.value.camera).toMatchObject({ track: null, trouble: "unplugged" });
    computer.plugged.push(...camera);
    await computer.change();
    await settled();
    expect(devices.view.value.camera).toMatchObject({ label: "Built-in camera", trouble: null });
  });

  it("calls a permission taken away by its name", async () => {
    await devices.start(both);
    computer.permissions["camera"] = "denied";
    computer.tracks.find((t) => t.kind === "video")?.vanish();
    await settled();
    expect(devices.view.value.camera.trouble).toBe("denied");
  });

  it("knows a microphone that a phone call has taken for a while", async () => {
    await devices.start(both);
    const [microphone] = computer.tracks;
    microphone?.dispatchEvent(new Event("mute"));
    expect(devices.view.value.microphone.trouble).toBe("interrupted");
    microphone?.dispatchEvent(new Event("unmute"));
    expect(devices.view.value.microphone.trouble).toBeNull();
  });

  it("switches everything off at the end", async () => {
    await devices.start(both);
    devices.stop();
    expect(computer.tracks.every((t) => t.readyState === "ended")).toBe(true);
  });
});

describe("what the clinic's board is told", () => {
  it("has one word for each state", async () => {
    expect(cameraWord(devices.view.value.camera)).toBe("off");
    await devices.start(both);
    expect(cameraWord(devices.view.value.camera)).toBe("ok");
    devices.reportSilence(true);
    expect(microphoneWord(devices.view.value.microphone)).toBe("silent");
    devices.reportSilence(false);
    expect(microphoneWord(devices.view.value.microphone)).toBe("ok");
    await devices.setOn("camera", false);
    expect(cameraWord(devices.view.value.camera)).toBe("off");
    computer.errors = { video: new DOMException("", "NotReadableError") };
    await devices.setOn("camera", true);
    expect(cameraWord(devices.view.value.camera)).toBe("blocked");
  });
});
