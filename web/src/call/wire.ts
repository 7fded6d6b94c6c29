/** The messages of docs/signalling.md, version 1, and a reader that trusts nothing. */

export const PROTOCOL_VERSION = 1;

export interface WireParticipant {
  id: number;
  user: number | null;
  display_name: string;
  role: string;
  audio: boolean;
  video: boolean;
  screen: boolean;
  state: "waiting" | "admitted";
  connection: "connecting" | "connected" | "lost";
}

export interface WireChat {
  id: number;
  from: number;
  text: string;
  at: string;
}

export type WireSource = "microphone" | "camera" | "screen" | "screen_audio";

export interface WireSlot {
  mid: string;
  participant: number;
  source: WireSource;
}

export interface Welcome {
  type: "welcome";
  participant: number;
  resume: string;
  state: "waiting" | "admitted";
  participants: WireParticipant[];
  chat: WireChat[];
  connection: string | null;
  ping_interval_ms: number;
  ice_servers: RTCIceServer[];
}

export type ServerMessage =
  | Welcome
  | { type: "admitted" }
  | { type: "answer"; id: number; sdp: string }
  | { type: "slots"; slots: WireSlot[] }
  | { type: "need_slots"; audio: number; video: number }
  | { type: "joined" | "updated"; participant: WireParticipant }
  | { type: "left"; participant: number; reason: string }
  | ({ type: "chat" } & WireChat)
  | { type: "quality"; participant: number; level: "good" | "fair" | "poor" }
  | { type: "ended"; reason: string }
  | { type: "ping" | "pong"; t?: number }
  | { type: "error"; code: string; detail: string; fatal: boolean; id: number | null };

export type ClientMessage =
  | { type: "hello"; version: number; token?: string; resume?: string; client: { device_type: string; browser: string } }
  | { type: "offer"; id: number; connection: string; sdp: string }
  | { type: "media"; audio: boolean; video: boolean; screen: boolean; screen_audio: boolean }
  | { type: "view"; tiles: { participant: number; source: "camera" | "screen"; width: number; height: number }[] }
  | { type: "status"; camera: string; microphone: string; network: string }
  | { type: "chat"; text: string }
  | { type: "ping" | "pong"; t?: number }
  | { type: "leave" };

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown, or = ""): string => (typeof value === "string" ? value : or);
const integer = (value: unknown): number | null => (typeof value === "number" && Number.isInteger(value) ? value : null);

/** Null for anything that is not a known, whole message: the caller ignores it. */
export function decode(frame: unknown): ServerMessage | null {
  if (typeof frame !== "string") return null;
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  switch (value["type"]) {
    case "welcome":
      return welcome(value);
    case "admitted":
      return { type: "admitted" };
    case "answer": {
      const id = integer(value["id"]);
      return id !== null && typeof value["sdp"] === "string" ? { type: "answer", id, sdp: value["sdp"] } : null;
    }
    case "slots":
      return { type: "slots", slots: list(value["slots"], slot) };
    case "need_slots":
      return { type: "need_slots", audio: integer(value["audio"]) ?? 0, video: integer(value["video"]) ?? 0 };
    case "joined":
    case "updated": {
      const person = participant(value["participant"]);
      return person && { type: value["type"], participant: person };
    }
    case "left": {
      const id = integer(value["participant"]);
      return id === null ? null : { type: "left", participant: id, reason: text(value["reason"]) };
    }
    case "chat": {
      const message = chat(value);
      return message && { type: "chat", ...message };
    }
    case "quality": {
      const id = integer(value["participant"]);
      const level = value["level"];
      return id !== null && (level === "good" || level === "fair" || level === "poor") ? { type: "quality", participant: id, level } : null;
    }
    case "ended":
      return { type: "ended", reason: text(value["reason"], "completed") };
    case "ping":
    case "pong":
      return typeof value["t"] === "number" ? { type: value["type"], t: value["t"] } : { type: value["type"] };
    case "error":
      return { type: "error", code: text(value["code"], "internal"), detail: text(value["detail"]), fatal: value["fatal"] === true, id: integer(value["id"]) };
    default:
      return null;
  }
}

function list<T>(value: unknown, read: (item: unknown) => T | null): T[] {
  return Array.isArray(value) ? value.map(read).filter((item) => item !== null) : [];
}

function welcome(value: Fields): Welcome | null {
  const id = integer(value["participant"]);
  if (id === null) return null;
  const interval = integer(value["ping_interval_ms"]);
  return {
    type: "welcome",
    participant: id,
    resume: text(value["resume"]),
    state: value["state"] === "admitted" ? "admitted" : "waiting",
    participants: list(value["participants"], participant),
    chat: list(value["chat"], chat),
    connection: typeof value["connection"] === "string" ? value["connection"] : null,
    ping_interval_ms: interval !== null && interval >= 500 ? interval : 2000,
    ice_servers: list(value["ice_servers"], (item) => (isObject(item) && item["urls"] ? (item as unknown as RTCIceServer) : null)),
  };
}

function participant(value: unknown): WireParticipant | null {
  if (!isObject(value)) return null;
  const id = integer(value["id"]);
  if (id === null) return null;
  const connection = value["connection"];
  return {
    id,
    user: integer(value["user"]),
    display_name: text(value["display_name"]),
    role: text(value["role"]),
    audio: value["audio"] === true,
    video: value["video"] === true,
    screen: value["screen"] === true,
    state: value["state"] === "waiting" ? "waiting" : "admitted",
    connection: connection === "lost" || connection === "connecting" ? connection : "connected",
  };
}

function chat(value: unknown): WireChat | null {
  if (!isObject(value)) return null;
  const id = integer(value["id"]);
  const from = integer(value["from"]);
  if (id === null || from === null || typeof value["text"] !== "string") return null;
  return { id, from, text: value["text"], at: text(value["at"]) };
}

function slot(value: unknown): WireSlot | null {
  if (!isObject(value)) return null;
  const id = integer(value["participant"]);
  const source = value["source"];
  if (id === null || typeof value["mid"] !== "string") return null;
  if (source !== "microphone" && source !== "camera" && source !== "screen" && source !== "screen_audio") return null;
  return { mid: value["mid"], participant: id, source };
}
