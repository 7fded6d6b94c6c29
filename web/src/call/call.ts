/**
 * What the page knows of a call, whoever carries the media. `embedded.ts` is our own
 * media server; another provider is another implementation of `Call` and nothing else.
 */
import type { Readable } from "./store.ts";
import type { MediaStats } from "./quality.ts";

export type Level = "good" | "fair" | "poor" | "unknown";
export type Source = "microphone" | "camera" | "screen" | "screen_audio";

/** Somebody in the call, or in its waiting room. */
export interface Person {
  /** The seat in this call. A person who comes back keeps it. */
  readonly id: string;
  readonly user: number;
  readonly name: string;
  readonly role: string;
  /** He sends sound, his picture, his screen: what he has switched on. */
  readonly audio: boolean;
  readonly video: boolean;
  readonly screen: boolean;
  readonly quality: Level;
  /** Not yet let in. */
  readonly waiting: boolean;
  /** His connection broke a moment ago; his seat is kept. */
  readonly away: boolean;
}

export interface ChatMessage {
  readonly id: string;
  readonly from: string;
  readonly name: string;
  readonly text: string;
  /** When the server took it, in milliseconds since 1970. */
  readonly at: number;
  readonly mine: boolean;
  /** `sending` until the server has said it back; `failed` when it refused. */
  readonly state: "sent" | "sending" | "failed";
}

/** The pictures and sounds of one person that have arrived, one stream for each source. */
export interface RemoteMedia {
  readonly microphone: MediaStream | null;
  readonly camera: MediaStream | null;
  readonly screen: MediaStream | null;
  readonly screenAudio: MediaStream | null;
}

export const NO_MEDIA: RemoteMedia = { microphone: null, camera: null, screen: null, screenAudio: null };

/**
 * `idle`: not asked for yet. `connecting`: the first time. `waiting`: in the waiting room.
 * `connected`: media may flow. `reconnecting`: it was there and broke; the call mends
 * itself. `ended`: nothing more will happen, see `end`.
 */
export type CallState = "idle" | "connecting" | "waiting" | "connected" | "reconnecting" | "ended";

/** Why a call is over. After `left`, `replaced`, `full` and `outdated` a new join may succeed. */
export type EndReason =
  | "left"
  | "ended_by_doctor"
  | "cancelled"
  | "removed"
  | "replaced"
  | "refused"
  | "closed"
  | "full"
  | "outdated"
  | "failed";

export interface End {
  readonly reason: EndReason;
  /** The server's own sentence, when it gave one. */
  readonly detail: string;
}

export interface CallView {
  readonly state: CallState;
  /** Let in: from now on media and chat flow. Stays true through reconnections. */
  readonly admitted: boolean;
  /** My seat, as soon as the server has given one. */
  readonly me: string | null;
  /** The others, in the order in which they came. */
  readonly people: readonly Person[];
  readonly media: ReadonlyMap<string, RemoteMedia>;
  readonly chat: readonly ChatMessage[];
  readonly end: End | null;
  /** When the present trouble began, in milliseconds since 1970; null while all is well. */
  readonly brokenSince: number | null;
  /** Media flows (or flowed a moment ago): the pictures on the page are alive. */
  readonly mediaConnected: boolean;
}

export interface Tile {
  readonly participant: string;
  readonly source: "camera" | "screen";
  /** Size on the page in device pixels. */
  readonly width: number;
  readonly height: number;
}

/** What the waiting room and the clinic's board learn of my devices. Words of the wire. */
export interface DeviceReport {
  readonly camera: "ok" | "off" | "blocked" | "unknown";
  readonly microphone: "ok" | "off" | "silent" | "blocked" | "unknown";
  readonly network: Level;
}

export interface Call {
  readonly view: Readable<CallView>;
  /** Begins; does nothing the second time. Success and failure are told by `view`. */
  join(): void;
  /** Sends this track for the source, or nothing. Cheap: no new negotiation is needed. */
  publish(source: Source, track: MediaStreamTrack | null): void;
  /** Tells the others what I have switched on. A muted microphone may still be published. */
  announce(state: { audio: boolean; video: boolean; screen: boolean }): void;
  /** The pictures on the page and their sizes. What is not named here is not sent to me. */
  show(tiles: readonly Tile[]): void;
  /** Sound first: no pictures to me, mine small. */
  setLowData(on: boolean): void;
  report(status: DeviceReport): void;
  /** Returns false when the text cannot be sent now (nothing is lost: it is queued or refused). */
  say(text: string): boolean;
  /** Once more, for a message that could not be sent. */
  sayAgain(id: string): void;
  stats(): Promise<MediaStats | null>;
  /** Somebody pressed "try again": do not wait for the next attempt. */
  retryNow(): void;
  /** I go, the visit goes on. */
  leave(): void;
  /** Frees everything without a word; for the end of the page. */
  dispose(): void;
}
