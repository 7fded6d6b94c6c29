/**
 * The WebSocket of a call that keeps itself alive: hello and welcome, ping, and a new
 * connection after each loss until somebody says stop. It knows nothing of media.
 */
import { type ClientMessage, type ServerMessage, type Welcome, PROTOCOL_VERSION, decode } from "./wire.ts";
import type { SocketLike, World } from "./world.ts";

export interface RoomToken {
  readonly token: string;
  readonly url: string;
}

/** A refusal that no further try will change. Thrown by a `TokenSource`. */
export class Refused extends Error {
  readonly reason: "closed" | "refused";

  constructor(reason: "closed" | "refused", detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** Fetches a room token. Throws `Refused` when it never will be given, anything else to be asked again. */
export type TokenSource = () => Promise<RoomToken>;

export interface SignalEvents {
  welcome(message: Welcome): void;
  message(message: Exclude<ServerMessage, Welcome>): void;
  /** The connection is gone; a new one is on its way. */
  down(): void;
  /** Final: no new attempt follows. `code` is the error code of the protocol or `refused` / `closed`. */
  refused(code: string, detail: string): void;
}

/** How long to wait before the nth new attempt (1 is the first), before jitter. */
export function backoff(attempt: number): number {
  return [0, 500, 1000, 2000][attempt - 1] ?? 4000;
}

/** From hello to welcome. */
const WELCOME_TIMEOUT = 5000;
const KNOCK_EVERY = 2000;
const MOST_KNOCKS = 4;
/** A room token is waited for so long before it is asked for again. */
const TOKEN_TIMEOUT = 10_000;
const SILENCE_LIMIT = 5000;
/** A room token lives 10 minutes; one older than this is not tried again. */
const TOKEN_AGE = 8 * 60_000;
/** Errors of the protocol after which coming back is useless. */
const FINAL = new Set(["version_unsupported", "not_allowed", "session_over", "room_full", "taken_over", "removed"]);

interface Line {
  readonly socket: SocketLike;
  /** Ends the listening to it. */
  readonly ears: AbortController;
}

function hush({ socket, ears }: Line): void {
  ears.abort();
  socket.close();
}

export class Signal {
  readonly #world: World;
  readonly #tokens: TokenSource;
  readonly #client: { device_type: string; browser: string };
  readonly #events: SignalEvents;
  /** The line that is spoken on. */
  #socket: SocketLike | null = null;
  /** All lines that are open or being opened, the oldest first. */
  #lines: Line[] = [];
  #up = false;
  #stopped = false;
  #attempt = 0;
  #token: (RoomToken & { at: number }) | null = null;
  #url = "";
  #resume = "";
  #tokenRefusals = 0;
  #lastHeard = 0;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  /** Rises with each attempt: what comes late from an earlier one is not heard. */
  #generation = 0;

  constructor(world: World, tokens: TokenSource, client: { device_type: string; browser: string }, events: SignalEvents) {
    this.#world = world;
    this.#tokens = tokens;
    this.#client = client;
    this.#events = events;
  }

  get up(): boolean {
    return this.#up;
  }

  start(): void {
    void this.#connect();
  }

  /** False when there is no connection: the caller sends its state again after the next welcome. */
  send(message: ClientMessage): boolean {
    if (!this.#up || !this.#socket) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Do not wait for the next attempt; for "try again" and for a network that came back. */
  retryNow(): void {
    if (this.#stopped || this.#up) return;
    this.#drop();
    this.#attempt = 0;
    void this.#connect();
  }

  /** The network may have changed under an open connection: prove it within two seconds. */
  probe(): void {
    if (!this.#up) {
      this.retryNow();
      return;
    }
    const asked = this.#world.now();
    const generation = this.#generation;
    this.send({ type: "ping", t: asked });
    setTimeout(() => {
      if (this.#up && generation === this.#generation && this.#lastHeard < asked) this.#lost();
    }, 2000);
  }

  /** Closes for good. `leave` tells the server that the seat is free. */
  stop(leave: boolean): void {
    if (leave) this.send({ type: "leave" });
    this.#stopped = true;
    this.#drop();
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }

  async #connect(): Promise<void> {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    const generation = ++this.#generation;
    const current = () => !this.#stopped && generation === this.#generation;
    if (this.#token && this.#world.now() - this.#token.at > TOKEN_AGE) this.#token = null;
    if (!this.#token && !this.#resume) {
      try {
        const token = await this.#askToken();
        if (!current()) return;
        this.#token = { ...token, at: this.#world.now() };
        this.#url = token.url;
      } catch (error) {
        if (!current()) return;
        if (error instanceof Refused) this.#refuse(error.reason, error.message);
        else this.#again();
        return;
      }
    }
    this.#dial(generation);
  }

  /**
   * Knocks, and knocks again every two seconds without giving up the earlier tries: a try that began while the network
   * was cut may hang for long, and one that is merely slow must not be killed. Only the first line that opens says hello.
   */
  #dial(generation: number): void {
    const current = () => !this.#stopped && generation === this.#generation;
    if (!current()) return;
    clearTimeout(this.#deadline);
    if (this.#lines.length >= MOST_KNOCKS) this.#lines.splice(0, 1).forEach(hush);
    let socket: SocketLike;
    try {
      socket = this.#world.openSocket(this.#url);
    } catch {
      this.#lost();
      return;
    }
    const line: Line = { socket, ears: new AbortController() };
    this.#lines.push(line);
    this.#deadline = setTimeout(() => this.#dial(generation), KNOCK_EVERY);
    const { signal } = line.ears;
    const gone = () => {
      line.ears.abort();
      this.#lines = this.#lines.filter((other) => other !== line);
      if (this.#socket === socket || this.#lines.length === 0) this.#lost();
    };
    const greet = () => {
      this.#socket = socket;
      clearTimeout(this.#deadline);
      this.#deadline = setTimeout(() => this.#lost(), WELCOME_TIMEOUT);
      this.#lines.filter((other) => other !== line).forEach(hush);
      this.#lines = [line];
      const hello: ClientMessage = { type: "hello", version: PROTOCOL_VERSION, client: this.#client };
      if (this.#token) hello.token = this.#token.token;
      if (this.#resume) hello.resume = this.#resume;
      socket.send(JSON.stringify(hello));
    };
    const hear = (event: Event) => {
      this.#lastHeard = this.#world.now();
      const message = event instanceof MessageEvent ? decode(event.data) : null;
      if (message) this.#hear(message);
    };
    socket.addEventListener("open", greet, { signal });
    socket.addEventListener("message", hear, { signal });
    socket.addEventListener("close", gone, { signal });
  }

  async #askToken(): Promise<RoomToken> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new Error("no answer")), TOKEN_TIMEOUT);
    });
    try {
      return await Promise.race([this.#tokens(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #hear(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        clearTimeout(this.#deadline);
        this.#up = true;
        this.#attempt = 0;
        this.#tokenRefusals = 0;
        this.#resume = message.resume;
        this.#beat(message.ping_interval_ms);
        this.#events.welcome(message);
        return;
      case "ping":
        this.send(message.t === undefined ? { type: "pong" } : { type: "pong", t: message.t });
        return;
      case "pong":
        return;
      case "error":
        if (message.fatal) {
          this.#fatal(message.code, message.detail);
          return;
        }
        break;
      case "ended":
        this.#stopped = true;
        this.#drop();
        break;
      default:
    }
    this.#events.message(message);
  }

  #fatal(code: string, detail: string): void {
    if (FINAL.has(code)) {
      this.#refuse(code, detail);
      return;
    }
    if (code === "token_invalid" || code === "token_expired") {
      this.#token = null;
      this.#resume = "";
      this.#tokenRefusals += 1;
      // A fresh token refused again is a refusal; an old one is only old.
      if (this.#tokenRefusals > 2) {
        this.#refuse("refused", detail);
        return;
      }
    }
    this.#lost();
  }

  #refuse(code: string, detail: string): void {
    this.#stopped = true;
    this.#drop();
    this.#events.refused(code, detail);
  }

  #lost(): void {
    this.#drop();
    this.#events.down();
    this.#again();
  }

  #again(): void {
    if (this.#stopped) return;
    this.#attempt += 1;
    const wait = backoff(this.#attempt) * (1 + 0.3 * this.#world.random());
    this.#retry = setTimeout(() => void this.#connect(), wait);
  }

  #drop(): void {
    clearTimeout(this.#deadline);
    clearInterval(this.#heartbeat);
    this.#generation += 1;
    this.#up = false;
    this.#lines.forEach(hush);
    this.#lines = [];
    this.#socket = null;
  }

  #beat(interval: number): void {
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => {
      if (this.#world.now() - this.#lastHeard > SILENCE_LIMIT) this.#lost();
      else this.send({ type: "ping", t: this.#world.now() });
    }, interval);
  }
}
