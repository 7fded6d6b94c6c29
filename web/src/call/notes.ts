/**
 * Notes that cannot be lost: written to this device at each key, to the server a moment
 * later, and kept here until the server has said that it has them.
 */
import { type Readable, Store } from "./store.ts";

export interface NotesView {
  readonly text: string;
  readonly state: "saved" | "typing" | "saving" | "offline" | "refused";
  /** When the server last took them, in milliseconds since 1970. */
  readonly savedAt: number | null;
  /** Found on this device, never saved, and the server's text has changed since. The doctor decides. */
  readonly found: { readonly text: string; readonly at: number } | null;
  /** The server's sentence when it refused. */
  readonly detail: string;
}

export interface NotesParts {
  /** Stores the text; throws. `final` in the thrown object says that no retry will help. */
  save(text: string): Promise<void>;
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null;
  now(): number;
  isFinal(error: unknown): string | null;
}

const PAUSE = 800;
const LONGEST = 3000;
const RETRIES = [1000, 2000, 4000, 8000, 15_000];

interface Draft {
  text: string;
  base: string;
  at: number;
}

export class Notes {
  readonly #key: string;
  readonly #parts: NotesParts;
  readonly #view: Store<NotesView>;
  /** What the server is known to hold. */
  #base: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #firstUnsaved: number | null = null;
  #saving: Promise<void> | null = null;
  #failures = 0;
  #held = false;

  constructor(session: number, stored: string, parts: NotesParts) {
    this.#key = `televisit.notes.${session}`;
    this.#parts = parts;
    this.#base = stored;
    const draft = this.#draft();
    const restorable = draft !== null && draft.text !== stored;
    const trusted = restorable && draft.base === stored;
    this.#view = new Store<NotesView>({
      text: trusted ? draft.text : stored,
      state: trusted ? "typing" : "saved",
      savedAt: null,
      found: restorable && !trusted ? { text: draft.text, at: draft.at } : null,
      detail: "",
    });
    if (trusted) this.#schedule(PAUSE);
    else if (!restorable) this.#forget();
  }

  get view(): Readable<NotesView> {
    return this.#view;
  }

  type(text: string): void {
    if (text === this.#view.value.text) return;
    this.#view.patch({ text, state: text === this.#base && !this.#saving ? "saved" : "typing" });
    if (text === this.#base && !this.#saving) {
      clearTimeout(this.#timer);
      this.#forget();
      this.#firstUnsaved = null;
      return;
    }
    this.#keep(text);
    this.#firstUnsaved ??= this.#parts.now();
    const waited = this.#parts.now() - this.#firstUnsaved;
    this.#schedule(Math.max(0, Math.min(PAUSE, LONGEST - waited)));
  }

  /** Takes what was found on this device, or lets it go. */
  resolveFound(use: boolean): void {
    const { found } = this.#view.value;
    if (!found) return;
    this.#view.patch({ found: null });
    if (use) this.type(found.text);
    else this.#forget();
  }

  /** Saves now what is not saved; resolves when the server has it, or false when it does not answer. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    if (this.#saving) await this.#saving;
    if (this.#view.value.text !== this.#base) await this.#save();
    return this.#view.value.text === this.#base;
  }

  /**
   * While `on` nothing is saved: another call is about to store the notes. What is typed is kept on the device.
   * Resolves when a save that was under way is through, so that it cannot overtake.
   */
  async hold(on: boolean): Promise<void> {
    this.#held = on;
    if (on) clearTimeout(this.#timer);
    else if (this.#view.value.text !== this.#base) this.#schedule(PAUSE);
    if (on && this.#saving) await this.#saving;
  }

  /** Another call stored this text (the end of the visit carries the notes with it). */
  stored(text: string): void {
    this.#base = text;
    if (this.#view.value.text !== text) return;
    clearTimeout(this.#timer);
    this.#forget();
    this.#view.patch({ state: "saved", savedAt: this.#parts.now(), detail: "" });
  }

  /** The network is back: do not wait for the next try. */
  retryNow(): void {
    if (this.#view.value.state === "offline") this.#schedule(0);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #schedule(wait: number): void {
    clearTimeout(this.#timer);
    if (!this.#held) this.#timer = setTimeout(() => void this.#save(), wait);
  }

  async #save(): Promise<void> {
    if (this.#saving) return this.#saving;
    const { text } = this.#view.value;
    if (text === this.#base) return;
    this.#view.patch({ state: "saving" });
    this.#firstUnsaved = null;
    this.#saving = this.#parts.save(text).then(
      () => {
        this.#saving = null;
        this.#failures = 0;
        this.#base = text;
        if (this.#view.value.text === text) {
          this.#forget();
          this.#view.patch({ state: "saved", savedAt: this.#parts.now(), detail: "" });
        } else {
          // More was typed meanwhile.
          this.#keep(this.#view.value.text);
          this.#view.patch({ state: "typing", savedAt: this.#parts.now(), detail: "" });
          this.#schedule(PAUSE);
        }
      },
      (error: unknown) => {
        this.#saving = null;
        const final = this.#parts.isFinal(error);
        if (final !== null) {
          this.#view.patch({ state: "refused", detail: final });
          return;
        }
        this.#view.patch({ state: "offline" });
        const wait = RETRIES[Math.min(this.#failures, RETRIES.length - 1)] ?? 15_000;
        this.#failures += 1;
        this.#schedule(wait);
      },
    );
    return this.#saving;
  }

  #draft(): Draft | null {
    try {
      const value: unknown = JSON.parse(this.#parts.storage?.getItem(this.#key) ?? "null");
      if (typeof value !== "object" || value === null) return null;
      const { text, base, at } = value as Record<string, unknown>;
      return typeof text === "string" && typeof base === "string" && typeof at === "number" ? { text, base, at } : null;
    } catch {
      return null;
    }
  }

  #keep(text: string): void {
    const draft: Draft = { text, base: this.#base, at: this.#parts.now() };
    try {
      this.#parts.storage?.setItem(this.#key, JSON.stringify(draft));
    } catch {
      // Nothing can be kept here (private window, full): the server is tried all the same.
    }
  }

  #forget(): void {
    try {
      this.#parts.storage?.removeItem(this.#key);
    } catch {
      // As above.
    }
  }
}
