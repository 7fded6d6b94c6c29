/**
 * A call through our own media server, as docs/signalling.md describes it: `Signal`
 * carries messages, `MediaPath` carries media, `Repair` says when to mend, and this
 * class keeps the one picture of it that the page shows.
 */
import {
  type Call,
  type CallView,
  type ChatMessage,
  type DeviceReport,
  type EndReason,
  type Level,
  type Person,
  type RemoteMedia,
  type Source,
  type Tile,
  NO_MEDIA,
} from "./call.ts";
import { MediaPath } from "./media_path.ts";
import { type MediaStats, readStats } from "./quality.ts";
import { Repair } from "./repair.ts";
import { Signal, type TokenSource } from "./signal.ts";
import { type Readable, Store } from "./store.ts";
import type { ServerMessage, Welcome, WireChat, WireParticipant, WireSlot } from "./wire.ts";
import type { World } from "./world.ts";

const FIRST_VIEW: CallView = {
  state: "idle",
  admitted: false,
  me: null,
  people: [],
  media: new Map(),
  chat: [],
  end: null,
  brokenSince: null,
  mediaConnected: false,
};

export class EmbeddedCall implements Call {
  readonly #world: World;
  readonly #view = new Store<CallView>(FIRST_VIEW);
  readonly #signal: Signal;
  readonly #repair: Repair;
  readonly #tracks = new Map<Source, MediaStreamTrack>();
  readonly #stopNetwork: () => void;
  #path: MediaPath | null = null;
  #iceServers: RTCIceServer[] = [];
  #slots: WireSlot[] = [];
  /** One stream for each receiving m-line, kept while its track stays the same. */
  readonly #streams = new Map<string, MediaStream>();
  #announced = { audio: false, video: false, screen: false };
  #tiles: readonly Tile[] | null = null;
  #lowData = false;
  #status: DeviceReport | null = null;
  #admitted = false;
  #unsent = 0;
  readonly #levels = new Map<string, Level>();

  constructor(world: World, tokens: TokenSource, client: { device_type: string; browser: string }) {
    this.#world = world;
    this.#repair = new Repair({
      restart: () => this.#path?.negotiate(true),
      rebuild: () => this.#newPath(),
    });
    this.#signal = new Signal(world, tokens, client, {
      welcome: (message) => this.#welcome(message),
      message: (message) => this.#hear(message),
      down: () => {
        this.#repair.signalling(false);
        this.#settle();
      },
      refused: (code, detail) => this.#finish(reasonOf(code), detail),
    });
    this.#stopNetwork = world.onNetwork((online) => {
      if (!online) return;
      this.#signal.probe();
      this.#repair.networkChanged();
    });
  }

  get view(): Readable<CallView> {
    return this.#view;
  }

  join(): void {
    if (this.#view.value.state !== "idle") return;
    this.#view.patch({ state: "connecting" });
    this.#signal.start();
  }

  publish(source: Source, track: MediaStreamTrack | null): void {
    if (track) this.#tracks.set(source, track);
    else this.#tracks.delete(source);
    void this.#path?.send(source, track);
    // The sound of the screen is a part of what is announced.
    if (source === "screen_audio") this.#sendMedia();
  }

  announce(state: { audio: boolean; video: boolean; screen: boolean }): void {
    const now = this.#announced;
    if (now.audio === state.audio && now.video === state.video && now.screen === state.screen) return;
    this.#announced = { ...state };
    this.#sendMedia();
  }

  show(tiles: readonly Tile[]): void {
    // Before the first picture there is nothing to ask less for.
    if (this.#tiles ? sameTiles(this.#tiles, tiles) : tiles.length === 0) return;
    this.#tiles = [...tiles];
    this.#sendView();
  }

  setLowData(on: boolean): void {
    if (on === this.#lowData) return;
    this.#lowData = on;
    this.#path?.setLowData(on);
    this.#sendView();
  }

  report(status: DeviceReport): void {
    const now = this.#status;
    if (now && now.camera === status.camera && now.microphone === status.microphone && now.network === status.network) return;
    this.#status = status;
    this.#signal.send({ type: "status", ...status });
  }

  say(text: string): boolean {
    const words = text.trim();
    if (words === "" || words.length > 2000 || !this.#admitted || this.#view.value.end) return false;
    this.#unsent += 1;
    const message: ChatMessage = {
      id: `mine-${this.#unsent}`,
      from: this.#view.value.me ?? "",
      name: "",
      text: words,
      at: this.#world.now(),
      mine: true,
      state: "sending",
    };
    this.#view.patch({ chat: [...this.#view.value.chat, message] });
    // Without a connection it goes out after the next welcome.
    this.#signal.send({ type: "chat", text: words });
    return true;
  }

  sayAgain(id: string): void {
    const { chat } = this.#view.value;
    const index = chat.findIndex((m) => m.id === id && m.state === "failed");
    const message = chat[index];
    if (!message || this.#view.value.end) return;
    this.#view.patch({ chat: chat.with(index, { ...message, state: "sending" }) });
    this.#signal.send({ type: "chat", text: message.text });
  }

  async stats(): Promise<MediaStats | null> {
    if (!this.#path || this.#path.state !== "connected") return null;
    const report = await this.#path.getStats();
    const { people } = this.#view.value;
    const sendsVideo = (this.#announced.video && this.#tracks.has("camera")) || this.#announced.screen;
    const expectsMedia = this.#admitted && people.some((p) => !p.waiting && !p.away && p.audio);
    return readStats(report, { at: this.#world.now(), expectsMedia, sendsVideo });
  }

  retryNow(): void {
    this.#signal.retryNow();
    if (this.#signal.up && !this.#view.value.mediaConnected) this.#repair.broken();
  }

  leave(): void {
    if (this.#view.value.end) return;
    this.#signal.stop(true);
    this.#finish("left", "");
  }

  dispose(): void {
    this.#signal.stop(false);
    this.#finish("left", "");
  }

  #welcome(message: Welcome): void {
    this.#iceServers = message.ice_servers;
    this.#admitted = message.state === "admitted";
    const me = String(message.participant);
    this.#view.patch({ me, people: message.participants.filter((p) => String(p.id) !== me).map((p) => this.#person(p)) });
    this.#takeChat(message.chat);
    // What was not said back before the connection broke was not heard.
    this.#resendChat();
    this.#sendMedia();
    if (this.#tiles || this.#lowData) this.#sendView();
    if (this.#status) this.#signal.send({ type: "status", ...this.#status });
    if (!this.#path) {
      this.#repair.signalling(true);
      this.#newPath();
      this.#repair.begin();
    } else {
      this.#repair.signalling(true, message.connection === this.#path.connection);
    }
    this.#settle();
  }

  #hear(message: Exclude<ServerMessage, Welcome>): void {
    switch (message.type) {
      case "admitted":
        this.#admitted = true;
        this.#settle();
        return;
      case "answer":
        void this.#path?.answer(message.id, message.sdp);
        return;
      case "slots":
        this.#slots = message.slots;
        this.#placeMedia();
        return;
      case "need_slots":
        this.#path?.needSlots(message.audio, message.video);
        return;
      case "joined":
      case "updated":
        this.#takePerson(message.participant);
        return;
      case "left": {
        const id = String(message.participant);
        this.#levels.delete(id);
        this.#view.patch({ people: this.#view.value.people.filter((p) => p.id !== id) });
        return;
      }
      case "chat":
        this.#takeChat([message]);
        return;
      case "quality": {
        const id = String(message.participant);
        this.#levels.set(id, message.level);
        this.#view.patch({ people: this.#view.value.people.map((p) => (p.id === id ? { ...p, quality: message.level } : p)) });
        return;
      }
      case "ended":
        this.#finish(message.reason === "cancelled" ? "cancelled" : message.reason === "failed" ? "failed" : "ended_by_doctor", "");
        return;
      case "error":
        this.#error(message.code, message.id);
        return;
      default:
    }
  }

  #error(code: string, id: number | null): void {
    switch (code) {
      case "rate_limited":
        if (id !== null) this.#path?.postpone(id);
        else this.#failOldestChat();
        return;
      case "bad_sdp":
      case "bad_connection":
      case "media_failed":
        this.#repair.broken();
        return;
      case "chat_too_long":
      case "chat_empty":
      case "waiting":
        this.#failOldestChat();
        return;
      default:
    }
  }

  #newPath(): void {
    this.#path?.close();
    this.#streams.clear();
    this.#slots = [];
    const path: MediaPath = new MediaPath(this.#world, this.#iceServers, {
      offer: (id, connection, sdp) => this.#signal.send({ type: "offer", id, connection, sdp }),
      state: (state) => {
        if (this.#path !== path) return;
        this.#repair.path(state);
        this.#settle();
      },
      tracks: () => {
        if (this.#path === path) this.#placeMedia();
      },
      broken: () => {
        if (this.#path === path) this.#repair.broken();
      },
    });
    this.#path = path;
    path.setLowData(this.#lowData);
    // Tracks before the offer, so that the first packets follow the handshake at once.
    void Promise.all([...this.#tracks].map(([source, track]) => path.send(source, track))).then(() => path.negotiate());
    this.#placeMedia();
  }

  /** Works out the one word for the page from admission, signalling and media. */
  #settle(): void {
    const view = this.#view.value;
    if (view.end) return;
    const mediaConnected = this.#path?.state === "connected";
    const wasThere = view.state === "connected" || view.state === "waiting" || view.state === "reconnecting";
    let state: CallView["state"];
    if (!this.#signal.up) state = wasThere ? "reconnecting" : "connecting";
    else if (!this.#admitted) state = "waiting";
    else if (mediaConnected) state = "connected";
    else state = view.state === "connected" || view.state === "reconnecting" ? "reconnecting" : "connecting";
    const brokenSince = state === "reconnecting" ? (view.brokenSince ?? this.#world.now()) : null;
    this.#view.patch({ state, admitted: this.#admitted, mediaConnected, brokenSince });
  }

  #finish(reason: EndReason, detail: string): void {
    if (this.#view.value.end) return;
    this.#signal.stop(false);
    this.#repair.stop();
    this.#stopNetwork();
    this.#path?.close();
    this.#path = null;
    this.#streams.clear();
    this.#view.patch({ state: "ended", end: { reason, detail }, media: new Map(), people: [], mediaConnected: false, brokenSince: null });
  }

  #sendMedia(): void {
    this.#signal.send({ type: "media", ...this.#announced, screen_audio: this.#announced.screen && this.#tracks.has("screen_audio") });
  }

  #sendView(): void {
    // Low data keeps a shared screen: it is what everybody talks about.
    const tiles = (this.#tiles ?? []).filter((tile) => !this.#lowData || tile.source === "screen");
    this.#signal.send({
      type: "view",
      tiles: tiles.slice(0, 32).map((t) => ({ participant: Number(t.participant), source: t.source, width: Math.round(t.width), height: Math.round(t.height) })),
    });
  }

  #person(wire: WireParticipant): Person {
    const id = String(wire.id);
    return {
      id,
      user: wire.user ?? 0,
      name: wire.display_name,
      role: wire.role,
      audio: wire.audio,
      video: wire.video,
      screen: wire.screen,
      quality: this.#levels.get(id) ?? "unknown",
      waiting: wire.state === "waiting",
      away: wire.connection === "lost",
    };
  }

  #takePerson(wire: WireParticipant): void {
    const person = this.#person(wire);
    const { people, me } = this.#view.value;
    if (person.id === me) return;
    const known = people.some((p) => p.id === person.id);
    this.#view.patch({ people: known ? people.map((p) => (p.id === person.id ? person : p)) : [...people, person] });
  }

  #takeChat(messages: readonly WireChat[]): void {
    const { me } = this.#view.value;
    let chat = [...this.#view.value.chat];
    for (const message of messages) {
      const id = `chat-${message.id}`;
      if (chat.some((m) => m.id === id)) continue;
      const from = String(message.from);
      const at = Date.parse(message.at);
      const sent: ChatMessage = {
        id,
        from,
        name: this.#view.value.people.find((p) => p.id === from)?.name ?? "",
        text: message.text,
        at: Number.isNaN(at) ? this.#world.now() : at,
        mine: from === me,
        state: "sent",
      };
      // My own words come back: they take the place of those shown as being sent.
      const index = sent.mine ? chat.findIndex((m) => m.state === "sending" && m.text === sent.text) : -1;
      if (index >= 0) chat = chat.with(index, sent);
      else chat.push(sent);
    }
    this.#view.patch({ chat });
  }

  #resendChat(): void {
    if (!this.#admitted) return;
    for (const message of this.#view.value.chat) {
      if (message.state === "sending") this.#signal.send({ type: "chat", text: message.text });
    }
  }

  #failOldestChat(): void {
    const { chat } = this.#view.value;
    const index = chat.findIndex((m) => m.state === "sending");
    const message = chat[index];
    if (message) this.#view.patch({ chat: chat.with(index, { ...message, state: "failed" }) });
  }

  /** Brings slots and received tracks together. Streams stay the same objects while their track does. */
  #placeMedia(): void {
    const path = this.#path;
    const before = this.#view.value.media;
    const next = new Map<string, RemoteMedia>();
    const used = new Set<string>();
    for (const slot of this.#slots) {
      const track = path?.track(slot.mid);
      if (!track) continue;
      used.add(slot.mid);
      const known = this.#streams.get(slot.mid);
      const stream = known && known.getTracks()[0] === track ? known : this.#world.createStream([track]);
      this.#streams.set(slot.mid, stream);
      const id = String(slot.participant);
      const media = next.get(id) ?? NO_MEDIA;
      const key = slot.source === "screen_audio" ? "screenAudio" : slot.source;
      next.set(id, { ...media, [key]: stream });
    }
    for (const mid of this.#streams.keys()) if (!used.has(mid)) this.#streams.delete(mid);
    for (const [id, media] of next) {
      const old = before.get(id);
      if (old && sameMedia(old, media)) next.set(id, old);
    }
    if (next.size === before.size && [...next].every(([id, media]) => before.get(id) === media)) return;
    this.#view.patch({ media: next });
  }
}

function sameMedia(a: RemoteMedia, b: RemoteMedia): boolean {
  return a.microphone === b.microphone && a.camera === b.camera && a.screen === b.screen && a.screenAudio === b.screenAudio;
}

function sameTiles(a: readonly Tile[], b: readonly Tile[]): boolean {
  return (
    a.length === b.length &&
    a.every((tile, i) => {
      const other = b[i];
      return other !== undefined && tile.participant === other.participant && tile.source === other.source && tile.width === other.width && tile.height === other.height;
    })
  );
}

function reasonOf(code: string): EndReason {
  switch (code) {
    case "taken_over":
      return "replaced";
    case "removed":
      return "removed";
    case "session_over":
    case "closed":
      return "closed";
    case "room_full":
      return "full";
    case "version_unsupported":
      return "outdated";
    default:
      return "refused";
  }
}
