/** Stand-ins for the browser, for tests only: node has neither WebSocket peers nor WebRTC. */
import type { SocketLike, World } from "./world.ts";

export class FakeSocket extends EventTarget implements SocketLike {
  readonly url: string;
  readonly sent: Record<string, unknown>[] = [];
  closed = false;

  constructor(url: string) {
    super();
    this.url = url;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.dispatchEvent(new Event("open"));
  }

  hear(message: Record<string, unknown>): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }

  drop(): void {
    this.closed = true;
    this.dispatchEvent(new Event("close"));
  }

  /** The messages of one type that the client has sent. */
  of(type: string): Record<string, unknown>[] {
    return this.sent.filter((message) => message["type"] === type);
  }
}

export class FakeTrack extends EventTarget {
  readonly kind: "audio" | "video";
  readonly label: string;
  readonly deviceId: string;
  enabled = true;
  muted = false;
  readyState: "live" | "ended" = "live";
  contentHint = "";

  constructor(kind: "audio" | "video", label = "", deviceId = "") {
    super();
    this.kind = kind;
    this.label = label;
    this.deviceId = deviceId;
  }

  stop(): void {
    this.readyState = "ended";
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.deviceId };
  }

  async applyConstraints(): Promise<void> {
    // Accepts everything.
  }

  /** The cable is pulled. */
  vanish(): void {
    this.readyState = "ended";
    this.dispatchEvent(new Event("ended"));
  }
}

class FakeTransceiver {
  mid: string | null = null;
  readonly receiver: { track: FakeTrack };
  readonly sender: { track: FakeTrack | null; replaceTrack: (track: FakeTrack | null) => Promise<void>; getParameters: () => object; setParameters: (p: RTCRtpSendParameters) => Promise<void> };
  readonly direction: string;
  readonly kind: string;
  parameters: { encodings: RTCRtpEncodingParameters[] };

  constructor(kind: "audio" | "video", init: RTCRtpTransceiverInit) {
    this.kind = kind;
    this.direction = init.direction ?? "sendrecv";
    this.receiver = { track: new FakeTrack(kind) };
    this.parameters = { encodings: structuredClone(init.sendEncodings ?? [{}]) };
    this.sender = {
      track: null,
      replaceTrack: async (track) => {
        this.sender.track = track;
      },
      getParameters: () => structuredClone(this.parameters),
      setParameters: async (next) => {
        this.parameters = next;
      },
    };
  }
}

export class FakePeer {
  readonly transceivers: FakeTransceiver[] = [];
  connectionState: RTCPeerConnectionState = "new";
  iceConnectionState: RTCIceConnectionState = "new";
  localDescription: { type: string; sdp: string } | null = null;
  remote: string[] = [];
  restarts = 0;
  offers = 0;
  closed = false;
  oniceconnectionstatechange: (() => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  ontrack: (() => void) | null = null;
  refuseAnswer = false;

  addTransceiver(kind: "audio" | "video", init: RTCRtpTransceiverInit): FakeTransceiver {
    const transceiver = new FakeTransceiver(kind, init);
    this.transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }

  restartIce(): void {
    this.restarts += 1;
  }

  async createOffer(): Promise<{ type: string; sdp: string }> {
    this.offers += 1;
    return { type: "offer", sdp: `offer ${this.offers}, ${this.transceivers.map((t) => `${t.kind[0]}${t.direction[0]}`).join(" ")}` };
  }

  async setLocalDescription(description: { type: string; sdp: string }): Promise<void> {
    this.localDescription = description;
    for (const [index, transceiver] of this.transceivers.entries()) transceiver.mid ??= String(index);
  }

  async setRemoteDescription(description: { sdp: string }): Promise<void> {
    if (this.refuseAnswer) throw new DOMException("", "InvalidAccessError");
    this.remote.push(description.sdp);
  }

  become(state: "connected" | "disconnected" | "failed"): void {
    this.iceConnectionState = state;
    this.connectionState = state;
    this.oniceconnectionstatechange?.();
    this.onconnectionstatechange?.();
  }

  async getStats(): Promise<Map<string, unknown>> {
    return new Map();
  }

  close(): void {
    this.closed = true;
    this.connectionState = "closed";
  }
}

export class FakeWorld implements World {
  readonly sockets: FakeSocket[] = [];
  readonly peers: FakePeer[] = [];
  #listener: ((online: boolean) => void) | null = null;

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  }

  get peer(): FakePeer {
    const peer = this.peers.at(-1);
    if (!peer) throw new Error("no peer was made");
    return peer;
  }

  openSocket(url: string): FakeSocket {
    const socket = new FakeSocket(url);
    this.sockets.push(socket);
    return socket;
  }

  createPeer(): RTCPeerConnection {
    const peer = new FakePeer();
    this.peers.push(peer);
    return peer as unknown as RTCPeerConnection;
  }

  createStream(tracks: MediaStreamTrack[]): MediaStream {
    return { getTracks: () => tracks } as unknown as MediaStream;
  }

  now(): number {
    return Date.now();
  }

  random(): number {
    return 0;
  }

  onNetwork(listener: (online: boolean) => void): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = null;
    };
  }

  network(online: boolean): void {
    this.#listener?.(online);
  }
}
