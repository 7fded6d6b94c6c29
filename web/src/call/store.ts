/**
 * One value that changes, and the people who want to know. The call modules hold
 * their state in it, so that they need no framework and the page needs no events.
 */
export interface Readable<T> {
  readonly value: T;
  /** Calls `listener` after each change. The answer ends the subscription. */
  subscribe(listener: () => void): () => void;
}

export class Store<T> implements Readable<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  /** Replaces the value. The same value again tells nobody. */
  set(next: T): void {
    if (Object.is(next, this.#value)) return;
    this.#value = next;
    for (const listener of this.#listeners) listener();
  }

  /** Replaces some fields of an object. Fields that already hold the value tell nobody. */
  patch(fields: Partial<T>): void {
    const current = this.#value as Record<string, unknown>;
    const changes = fields as Record<string, unknown>;
    if (Object.keys(changes).every((key) => Object.is(current[key], changes[key]))) return;
    this.set({ ...this.#value, ...fields });
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
