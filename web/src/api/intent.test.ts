import { describe, expect, it } from "vitest";
import { ApiError } from "./errors.ts";
import { createIntent, randomKey } from "./intent.ts";

function numbered() {
  let count = 0;
  return createIntent(() => `key-${++count}`);
}

const lost = () => Promise.reject(new ApiError(0, null));

describe("an intention", () => {
  it("keeps its key while no answer has come", async () => {
    const intent = numbered();
    const keys: string[] = [];
    const attempt = (answer: () => Promise<unknown>) => intent.send({ amount: "5.00" }, (key) => { keys.push(key); return answer(); }).catch(() => undefined);
    await attempt(lost);
    await attempt(() => Promise.reject(new ApiError(503, null)));
    await attempt(() => Promise.resolve("done"));
    expect(keys).toEqual(["key-1", "key-1", "key-1"]);
  });

  it("is a new one after its answer, so that the same thing can be wanted again", async () => {
    const intent = numbered();
    const keys: string[] = [];
    for (let turn = 0; turn < 2; turn++) await intent.send({ amount: "5.00" }, (key) => { keys.push(key); return Promise.resolve(1); });
    expect(keys).toEqual(["key-1", "key-2"]);
  });

  it("is a new one when what is wanted has changed", async () => {
    const intent = numbered();
    const keys: string[] = [];
    const send = (amount: string) => intent.send({ amount }, (key) => { keys.push(key); return lost(); }).catch(() => undefined);
    await send("5.00");
    await send("6.00");
    await send("6.00");
    expect(keys).toEqual(["key-1", "key-2", "key-2"]);
  });

  it("is a new one after a refusal, which is an answer too", async () => {
    const intent = numbered();
    const keys: string[] = [];
    const send = () => intent.send(1, (key) => { keys.push(key); return Promise.reject(new ApiError(400, { visit: ["Closed."] })); }).catch(() => undefined);
    await send();
    await send();
    expect(keys).toEqual(["key-1", "key-2"]);
  });

  it("has a key that cannot be guessed", () => {
    const keys = new Set(Array.from({ length: 100 }, randomKey));
    expect(keys.size).toBe(100);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
  });
});
