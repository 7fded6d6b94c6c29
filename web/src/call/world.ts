/** What the call needs of the browser, gathered in one place so that tests can stand in for it. */

export interface SocketLike {
  addEventListener(type: "open" | "message" | "close", listener: (event: Event) => void, options: { signal: AbortSignal }): void;
  send(text: string): void;
  close(): void;
}

export interface World {
  openSocket(url: string): SocketLike;
  createPeer(config: RTCConfiguration): RTCPeerConnection;
  createStream(tracks: MediaStreamTrack[]): MediaStream;
  /** Milliseconds since 1970. */
  now(): number;
  /** 0 to 1, for jitter and names; nothing secret hangs on it. */
  random(): number;
  /** Calls back when the network came, went or changed. The answer ends it. */
  onNetwork(listener: (online: boolean) => void): () => void;
}

export const browserWorld: World = {
  openSocket: (url) => new WebSocket(url),
  createPeer: (config) => new RTCPeerConnection(config),
  createStream: (tracks) => new MediaStream(tracks),
  now: () => Date.now(),
  random: () => Math.random(),
  onNetwork(listener) {
    const on = () => listener(true);
    const off = () => listener(false);
    // Wi-Fi to mobile data: Chrome and Android tell it here, without an offline in between.
    const link = (navigator as unknown as { connection?: EventTarget & { type?: string } }).connection;
    let type = link?.type;
    const changed = () => {
      // `change` also comes with every new estimate of the speed; only another kind of network counts.
      if (link?.type === type) return;
      type = link?.type;
      listener(navigator.onLine);
    };
    window.addEventListener("online", on);
    window.addEventListener("offline", off);
    link?.addEventListener("change", changed);
    return () => {
      window.removeEventListener("online", on);
      window.removeEventListener("offline", off);
      link?.removeEventListener("change", changed);
    };
  },
};
