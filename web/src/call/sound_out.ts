/**
 * Plays what the others say. The elements live outside the page's own markup, so that no
 * change of layout can cut the sound, and each stream is attached exactly once.
 */
import type { RemoteMedia } from "./call.ts";
import { type Readable, Store } from "./store.ts";

export class SoundOut {
  readonly #elements = new Map<MediaStream, HTMLAudioElement>();
  /** The browser wants a tap before it lets anything be heard. */
  readonly #blocked = new Store(false);
  #speaker = "";

  get blocked(): Readable<boolean> {
    return this.#blocked;
  }

  play(media: ReadonlyMap<string, RemoteMedia>): void {
    const wanted = new Set<MediaStream>();
    for (const person of media.values()) {
      for (const stream of [person.microphone, person.screenAudio]) if (stream) wanted.add(stream);
    }
    for (const [stream, element] of this.#elements) {
      if (wanted.has(stream)) continue;
      element.srcObject = null;
      element.remove();
      this.#elements.delete(stream);
    }
    for (const stream of wanted) {
      if (this.#elements.has(stream)) continue;
      const element = document.createElement("audio");
      element.autoplay = true;
      element.hidden = true;
      element.dataset["remote"] = "sound";
      element.srcObject = stream;
      document.body.append(element);
      this.#elements.set(stream, element);
      void this.#start(element);
    }
    if (wanted.size === 0) this.#blocked.set(false);
  }

  /** Call inside a tap: starts everything that the browser held back. */
  async unblock(): Promise<void> {
    this.#blocked.set(false);
    await Promise.all([...this.#elements.values()].map((element) => this.#start(element)));
  }

  setSpeaker(id: string): void {
    if (id === this.#speaker) return;
    this.#speaker = id;
    for (const element of this.#elements.values()) void this.#route(element);
  }

  stop(): void {
    this.play(new Map());
  }

  async #start(element: HTMLAudioElement): Promise<void> {
    await this.#route(element);
    try {
      await element.play();
    } catch (error) {
      // An element that was removed meanwhile also lands here, with another name.
      if (error instanceof DOMException && error.name === "NotAllowedError") this.#blocked.set(true);
    }
  }

  async #route(element: HTMLAudioElement): Promise<void> {
    if (!("setSinkId" in element)) return;
    // A speaker that is gone: sound comes out of the usual one.
    await element.setSinkId(this.#speaker).catch(() => element.setSinkId("").catch(() => undefined));
  }
}
