/**
 * When to mend the media path, and how hard: the ladder of docs/signalling.md section 6.
 * Pure but for its timers; it only says what to do.
 *
 * restart: new ICE on the same connection, what is left of it is kept.
 * rebuild: a new connection.
 * Nothing is asked for while the signalling is down: it could not be carried out.
 */
export type PathState = "new" | "connecting" | "connected" | "disconnected" | "failed" | "closed";

export interface RepairActions {
  restart(): void;
  rebuild(): void;
}

const DISCONNECTED_PATIENCE = 1000;
const RESTART_PATIENCE = 8000;
const REBUILD_PATIENCE = [10_000, 15_000, 20_000];

export class Repair {
  readonly #actions: RepairActions;
  #state: PathState = "new";
  #signalling = false;
  #active = false;
  /** Something has to be done as soon as signalling is back. */
  #owed: "restart" | "rebuild" | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What is being waited for, so that the deadline knows the next step. */
  #underWay: "restart" | "rebuild" | null = null;
  #rebuilds = 0;

  constructor(actions: RepairActions) {
    this.#actions = actions;
  }

  /** A first connection was offered: from now on it is looked after. */
  begin(): void {
    this.#active = true;
    this.#state = "new";
    this.#wait("rebuild");
  }

  stop(): void {
    this.#active = false;
    this.#owed = null;
    this.#underWay = null;
    clearTimeout(this.#timer);
  }

  path(state: PathState): void {
    this.#state = state;
    if (!this.#active) return;
    switch (state) {
      case "connected":
        clearTimeout(this.#timer);
        this.#underWay = null;
        this.#owed = null;
        this.#rebuilds = 0;
        return;
      case "disconnected":
        // Often a blink: give it a moment, and leave a repair that runs alone.
        if (this.#underWay === null) {
          clearTimeout(this.#timer);
          this.#timer = setTimeout(() => this.#do("restart"), DISCONNECTED_PATIENCE);
        }
        return;
      case "failed":
      case "closed":
        // A restart that failed will not get better; a healthy connection that failed deserves one.
        this.#do(this.#underWay === null ? "restart" : "rebuild");
        return;
      default:
    }
  }

  /** Signalling came (with `kept`: the server still knows this connection) or went. */
  signalling(up: boolean, kept = true): void {
    this.#signalling = up;
    if (!this.#active) return;
    if (!up) {
      // A deadline that passes now would blame the path for the missing signalling.
      if (this.#underWay !== null) {
        clearTimeout(this.#timer);
        this.#owed = this.#underWay;
        this.#underWay = null;
      }
      return;
    }
    if (!kept) this.#do("rebuild");
    else if (this.#owed !== null) this.#do(this.#owed);
    else if (this.#state !== "connected") this.#do("restart");
  }

  /** The device moved to another network: the old path is dead even if nobody has noticed. */
  networkChanged(): void {
    if (this.#active) this.#do("restart");
  }

  /** The server or the browser refused this connection. */
  broken(): void {
    if (this.#active) this.#do("rebuild");
  }

  #do(step: "restart" | "rebuild"): void {
    if (!this.#active) return;
    clearTimeout(this.#timer);
    if (!this.#signalling) {
      this.#owed = step === "rebuild" || this.#owed === "rebuild" ? "rebuild" : "restart";
      this.#underWay = null;
      return;
    }
    this.#owed = null;
    if (step === "rebuild") {
      this.#rebuilds += 1;
      this.#state = "new";
    }
    this.#wait(step);
    if (step === "restart") this.#actions.restart();
    else this.#actions.rebuild();
  }

  #wait(step: "restart" | "rebuild"): void {
    clearTimeout(this.#timer);
    this.#underWay = step;
    const patience = step === "restart" ? RESTART_PATIENCE : REBUILD_PATIENCE[Math.min(this.#rebuilds, REBUILD_PATIENCE.length - 1)];
    this.#timer = setTimeout(() => {
      if (this.#state === "connected") {
        // A restart on a path that never broke ends without a change of state.
        this.#underWay = null;
        return;
      }
      this.#underWay = null;
      this.#do("rebuild");
    }, patience);
  }
}
