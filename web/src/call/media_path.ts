/**
 * One RTCPeerConnection as the protocol wants it: four sending m-lines in fixed places,
 * slots to receive in, one offer at a time. A rebuild is a new object of this class.
 */
import type { Source } from "./call.ts";
import type { PathState } from "./repair.ts";
import type { World } from "./world.ts";

/** Cameras are asked for 1280x720; the server picks a layer for each receiver. */
export const CAMERA_ENCODINGS: RTCRtpEncodingParameters[] = [
  { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: "h", scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: "f", maxBitrate: 1_500_000 },
];
const SCREEN_ENCODING: RTCRtpEncodingParameters = { maxBitrate: 2_500_000, maxFramerate: 15 };
const LOW_DATA_BITRATE = 90_000;
const ANSWER_TIMEOUT = 8000;
const FIRST_SLOTS = { audio: 2, video: 2 };
const MAX_LINES = 48;
const POSITIONS: readonly Source[] = ["microphone", "camera", "screen", "screen_audio"];

export interface PathEvents {
  /** Sends the offer; false when it cannot be sent now. */
  offer(id: number, connection: string, sdp: string): boolean;
  state(state: PathState): void;
  /** Received tracks may have appeared: look at `track` again. */
  tracks(): void;
  /** This connection is of no use any more. */
  broken(): void;
}

export class MediaPath {
  readonly connection: string;
  readonly #pc: RTCPeerConnection;
  readonly #events: PathEvents;
  readonly #sending: Record<Source, RTCRtpTransceiver>;
  #slots = { ...FIRST_SLOTS };
  #lowData = false;
  #closed = false;
  #offerId = 0;
  /** The offer whose answer is awaited. */
  #pending: number | null = null;
  /** Something changed while an offer was under way. */
  #again: { restart: boolean } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(world: World, iceServers: RTCIceServer[], events: PathEvents) {
    this.#events = events;
    this.connection = nameOf(world);
    const pc = world.createPeer({ iceServers, bundlePolicy: "max-bundle" });
    this.#pc = pc;
    const add = (source: Source) => {
      if (source === "camera") return pc.addTransceiver("video", { direction: "sendonly", sendEncodings: structuredClone(CAMERA_ENCODINGS) });
      if (source === "screen") return pc.addTransceiver("video", { direction: "sendonly", sendEncodings: [{ ...SCREEN_ENCODING }] });
      return pc.addTransceiver("audio", { direction: "sendonly" });
    };
    // The order is the protocol: the position of an m-line is its meaning.
    this.#sending = Object.fromEntries(POSITIONS.map((source) => [source, add(source)])) as Record<Source, RTCRtpTransceiver>;
    for (let i = 0; i < FIRST_SLOTS.audio; i += 1) this.#addSlot("audio");
    for (let i = 0; i < FIRST_SLOTS.video; i += 1) this.#addSlot("video");
    const tell = () => {
      if (!this.#closed) events.state(this.state);
    };
    pc.oniceconnectionstatechange = tell;
    pc.onconnectionstatechange = tell;
    pc.ontrack = () => {
      if (!this.#closed) events.tracks();
    };
  }

  /** ICE tells of a break first, the whole connection of a real success. */
  get state(): PathState {
    if (this.#closed) return "closed";
    const ice = this.#pc.iceConnectionState;
    if (ice === "failed" || this.#pc.connectionState === "failed") return "failed";
    if (ice === "disconnected") return "disconnected";
    if (this.#pc.connectionState === "connected") return "connected";
    return this.#pc.connectionState === "new" ? "new" : "connecting";
  }

  /** The track that arrives on this m-line, once the answer that makes it was applied. */
  track(mid: string): MediaStreamTrack | null {
    return this.#pc.getTransceivers().find((t) => t.mid === mid && t.direction === "recvonly")?.receiver.track ?? null;
  }

  async send(source: Source, track: MediaStreamTrack | null): Promise<void> {
    if (this.#closed) return;
    if (track && source === "screen" && !track.contentHint) track.contentHint = "detail";
    try {
      await this.#sending[source].sender.replaceTrack(track);
      if (track && (source === "camera" || source === "screen")) await this.#tune(source);
    } catch {
      // An encoder that cannot take the new track: only a new connection helps.
      if (!this.#closed) this.#events.broken();
    }
  }

  setLowData(on: boolean): void {
    if (on === this.#lowData) return;
    this.#lowData = on;
    void this.#tune("camera").catch(() => undefined);
  }

  negotiate(restart = false): void {
    if (this.#closed) return;
    if (this.#pending !== null && !restart) {
      this.#again = { restart: this.#again?.restart ?? false };
      return;
    }
    void this.#offer(restart);
  }

  needSlots(audio: number, video: number): void {
    const room = () => POSITIONS.length + this.#slots.audio + this.#slots.video < MAX_LINES;
    let added = false;
    for (const kind of ["audio", "video"] as const) {
      const wanted = kind === "audio" ? audio : video;
      while (this.#slots[kind] < wanted && room()) {
        this.#addSlot(kind);
        this.#slots[kind] += 1;
        added = true;
      }
    }
    if (added) this.negotiate();
  }

  async answer(id: number, sdp: string): Promise<void> {
    // Only the answer to the last offer counts; an older one belongs to a state that is gone.
    if (this.#closed || id !== this.#pending) return;
    clearTimeout(this.#timer);
    try {
      await this.#pc.setRemoteDescription({ type: "answer", sdp });
    } catch {
      if (!this.#closed) this.#events.broken();
      return;
    }
    if (this.#closed || id !== this.#pending) return;
    this.#pending = null;
    this.#events.tracks();
    if (this.#again) {
      const { restart } = this.#again;
      this.#again = null;
      void this.#offer(restart);
    }
  }

  /** The server did not take this offer, but the connection may be used on: ask again in a while. */
  postpone(id: number): void {
    if (id !== this.#pending) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#offer(false), 1500);
  }

  getStats(): Promise<RTCStatsReport> {
    return this.#pc.getStats();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#pc.oniceconnectionstatechange = this.#pc.onconnectionstatechange = this.#pc.ontrack = null;
    this.#pc.close();
  }

  #addSlot(kind: "audio" | "video"): void {
    this.#pc.addTransceiver(kind, { direction: "recvonly" });
  }

  async #offer(restart: boolean): Promise<void> {
    const id = ++this.#offerId;
    this.#pending = id;
    this.#again = null;
    clearTimeout(this.#timer);
    try {
      if (restart) this.#pc.restartIce();
      // An offer that was never answered is simply replaced: nothing was agreed on yet.
      const offer = await this.#pc.createOffer();
      if (this.#closed || id !== this.#pending) return;
      await this.#pc.setLocalDescription(offer);
    } catch {
      if (!this.#closed && id === this.#pending) this.#events.broken();
      return;
    }
    if (this.#closed || id !== this.#pending) return;
    this.#events.offer(id, this.connection, this.#pc.localDescription?.sdp ?? "");
    this.#timer = setTimeout(() => {
      if (!this.#closed && id === this.#pending) this.#events.broken();
    }, ANSWER_TIMEOUT);
  }

  async #tune(source: "camera" | "screen"): Promise<void> {
    const sender = this.#sending[source].sender;
    const parameters = sender.getParameters();
    if (!parameters.encodings || parameters.encodings.length === 0) return;
    if (source === "screen") {
      // Text must stay readable: fewer pictures rather than smaller ones.
      parameters.degradationPreference = "maintain-resolution";
    } else {
      // A face that moves is understood better than one that is sharp.
      parameters.degradationPreference = "maintain-framerate";
      parameters.encodings.forEach((encoding, index) => {
        const normal = CAMERA_ENCODINGS[index];
        encoding.active = !this.#lowData || index === 0;
        if (this.#lowData && index === 0) encoding.maxBitrate = LOW_DATA_BITRATE;
        else if (normal?.maxBitrate !== undefined) encoding.maxBitrate = normal.maxBitrate;
      });
    }
    await sender.setParameters(parameters);
  }
}

function nameOf(world: World): string {
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from({ length: 16 }, () => letters[Math.floor(world.random() * letters.length)] ?? "a").join("");
}
