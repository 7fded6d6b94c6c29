// The real binary with the demonstration clinic in a temporary folder, on free loopback ports.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
export const binary = process.env.TELEVISIT_BIN ?? join(resolve(repository, process.env.CARGO_TARGET_DIR ?? "target"), "debug/televisit");

/** A port of `address` that was free a moment ago. */
export function freePort(address = "127.0.0.1") {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, address, () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

/**
 * Starts the server and waits until it answers. `env` adds settings, `mediaAddress` is where browsers send media. The
 * log is kept and told when the start fails.
 * `kill()` and `start()` again stand for a crash: ports and data stay the same.
 */
export async function startServer({ env = {}, mediaAddress = "127.0.0.1" } = {}) {
  const data = await mkdtemp(join(tmpdir(), "televisit-e2e-"));
  const port = await freePort();
  const mediaPort = await freePort(mediaAddress);
  const url = `http://127.0.0.1:${port}`;
  const lines = [];
  let child;

  async function start() {
    child = spawn(binary, ["serve", "--demo"], {
      cwd: data,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        HOME: data,
        TELEVISIT_BIND: `127.0.0.1:${port}`,
        TELEVISIT_DATA: join(data, "data"),
        TELEVISIT_MEDIA_PORT: String(mediaPort),
        TELEVISIT_MEDIA_ADDRESS: mediaAddress,
        ...env,
      },
    });
    const keep = (chunk) => {
      lines.push(String(chunk));
      if (process.env.E2E_SERVER_LOG) process.stderr.write(chunk);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const failed = new Promise((_, reject) => child.once("error", reject));
    failed.catch(() => {});
    const started = Date.now();
    for (;;) {
      const healthy = await Promise.race([failed, fetch(`${url}/healthz`).then((answer) => answer.ok, () => false)]);
      if (healthy) return;
      if (child.exitCode !== null) throw new Error(`The server stopped with ${child.exitCode}:\n${lines.join("")}`);
      if (Date.now() - started > 60_000) throw new Error(`The server did not answer within a minute:\n${lines.join("")}`);
      await pause(100);
    }
  }

  function ended() {
    return child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((done) => child.once("exit", done));
  }

  await start();
  return {
    url,
    port,
    mediaPort,
    data,
    start,
    log: () => lines.join(""),
    /** As if the power went. */
    async kill() {
      const gone = ended();
      child.kill("SIGKILL");
      await gone;
    },
    /** Ends the server in order and removes its data. Gives back its exit code. */
    async stop() {
      const gone = ended();
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await gone;
      clearTimeout(late);
      await rm(data, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}
