// A network that can be cut: everything of one person (page, API, signalling, media over UDP and TCP) runs through it.
//
// Chromium's own offline mode does not touch WebRTC, so the cut is made between browser and server: TCP is relayed
// from a port of ours, UDP likewise, one socket a client, and the media addresses in the answer are pointed here.
import { createSocket } from "node:dgram";
import { connect, createServer } from "node:net";
import { freePort } from "./server.mjs";

export async function startNetwork(server) {
  let broken = false;
  const open = new Set();

  function relay(port) {
    return createServer((near) => {
      // A cut cable answers nothing, not even a refusal.
      if (broken) {
        open.add(near);
        near.on("error", () => {});
        near.once("close", () => open.delete(near));
        return;
      }
      const far = connect(port, "127.0.0.1");
      for (const [one, other] of [[near, far], [far, near]]) {
        open.add(one);
        one.on("data", (chunk) => {
          if (!broken) other.write(chunk);
        });
        one.on("error", () => {});
        one.once("close", () => {
          open.delete(one);
          other.destroy();
        });
      }
    });
  }
  const listen = (relayed, port) => new Promise((done, failed) => relayed.once("error", failed).listen(port, "127.0.0.1", done));

  const pagePort = await freePort();
  const mediaPort = await freePort();
  const pages = relay(server.port);
  const mediaTcp = relay(server.mediaPort);
  await listen(pages, pagePort);
  await listen(mediaTcp, mediaPort);

  const clients = new Map();
  const mediaUdp = createSocket("udp4");
  mediaUdp.on("message", (packet, from) => {
    if (broken) return;
    const key = `${from.address}:${from.port}`;
    let far = clients.get(key);
    if (!far) {
      far = createSocket("udp4");
      far.on("message", (answer) => {
        if (!broken) mediaUdp.send(answer, from.port, from.address);
      });
      far.on("error", () => {});
      clients.set(key, far);
    }
    far.send(packet, server.mediaPort, "127.0.0.1");
  });
  mediaUdp.on("error", () => {});
  await new Promise((done) => mediaUdp.bind(mediaPort, "127.0.0.1", done));

  return {
    url: `http://127.0.0.1:${pagePort}`,
    /** Makes a page send its media through here: for `person({init})`. */
    init: {
      argument: { from: server.mediaPort, to: mediaPort },
      script: ({ from, to }) => {
        const real = RTCPeerConnection.prototype.setRemoteDescription;
        RTCPeerConnection.prototype.setRemoteDescription = function (description) {
          const sdp = description.sdp.replaceAll(new RegExp(`(a=candidate:.* )${from}( typ )`, "g"), `$1${to}$2`);
          return real.call(this, { type: description.type, sdp });
        };
      },
    },
    /** Nothing passes any more; open connections hang as they do behind a dead router. */
    cut() {
      broken = true;
    },
    /** Passes again. Connections from before the cut are dead: their other end gave up or will at its next word. */
    mend() {
      for (const socket of open) socket.destroy();
      for (const far of clients.values()) far.close();
      clients.clear();
      broken = false;
    },
    async stop() {
      broken = true;
      for (const socket of open) socket.destroy();
      for (const far of clients.values()) far.close();
      mediaUdp.close();
      await Promise.all([pages, mediaTcp].map((relayed) => new Promise((done) => relayed.close(done))));
    },
  };
}
