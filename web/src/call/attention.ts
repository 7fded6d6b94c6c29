/**
 * When the bars over the picture may fade: after three seconds without input, and never
 * while a reason holds them (a banner, a menu, keyboard focus inside them, a short window).
 */
import { type Readable, Store } from "./store.ts";

const FADE_AFTER = 3000;

export class Attention {
  readonly #visible = new Store(true);
  readonly #reasons = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  get visible(): Readable<boolean> {
    return this.#visible;
  }

  /** The person moved, touched or typed. */
  poke(): void {
    this.#visible.set(true);
    clearTimeout(this.#timer);
    if (this.#reasons.size > 0) return;
    this.#timer = setTimeout(() => {
      if (this.#reasons.size === 0) this.#visible.set(false);
    }, FADE_AFTER);
  }

  /** Keeps the bars while `on`. Each reason is its own. */
  hold(reason: string, on: boolean): void {
    if (on === this.#reasons.has(reason)) return;
    if (on) this.#reasons.add(reason);
    else this.#reasons.delete(reason);
    this.poke();
  }

  /** A tap on the picture: shows hidden bars, hides shown ones if nothing holds them. */
  toggle(): void {
    if (this.#visible.value && this.#reasons.size === 0) {
      clearTimeout(this.#timer);
      this.#visible.set(false);
    } else this.poke();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
