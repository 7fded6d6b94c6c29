import { ApiError } from "./errors.ts";

/**
 * One intention of a person to create or charge something: it keeps its idempotency key through every retry until the server has answered.
 *
 * A lost answer is retried with the same key, so that nothing happens twice; a changed body or a definite answer begins a new intention.
 */
export interface Intent {
  send<T>(body: unknown, request: (key: string) => Promise<T>): Promise<T>;
}

/** `newKey` makes unguessable names, one per intention. */
export function createIntent(newKey: () => string = randomKey): Intent {
  let key = "";
  let of = "";
  return {
    async send(body, request) {
      const text = JSON.stringify(body ?? null);
      if (key === "" || text !== of) {
        key = newKey();
        of = text;
      }
      const mine = key;
      try {
        const answer = await request(mine);
        if (key === mine) key = "";
        return answer;
      } catch (error) {
        // Only "no answer" leaves it open whether the thing has happened.
        const open = error instanceof ApiError && (error.unanswered || error.status >= 500 || error.code === "idempotency_in_progress");
        if (!open && key === mine) key = "";
        throw error;
      }
    },
  };
}

/** 128 random bits; `crypto.randomUUID` is missing on plain http. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
