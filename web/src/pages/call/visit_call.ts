/** Everything one attempt at a call is made of; made together and freed together. */
import { client } from "../../api/index.ts";
import { ApiError } from "../../api/errors.ts";
import type { RoomToken } from "../../api/types.ts";
import { clientOf, thisBrowser } from "../../call/browser.ts";
import type { Call } from "../../call/call.ts";
import { Conversation } from "../../call/conversation.ts";
import { Devices, browserDevices } from "../../call/devices.ts";
import { EmbeddedCall } from "../../call/embedded.ts";
import { LevelMeter } from "../../call/level_meter.ts";
import { Refused, type TokenSource } from "../../call/signal.ts";
import { SoundOut } from "../../call/sound_out.ts";
import { browserWorld } from "../../call/world.ts";

export interface VisitCall {
  readonly call: Call;
  readonly devices: Devices;
  readonly meter: LevelMeter;
  readonly sound: SoundOut;
  readonly talk: Conversation;
  dispose(): void;
}

export function openVisitCall(session: number): VisitCall {
  const browser = thisBrowser();
  const devices = new Devices(browserDevices(), browser);
  const meter = new LevelMeter();
  const sound = new SoundOut();
  const call = new EmbeddedCall(browserWorld, roomToken(session), clientOf(browser));
  const talk = new Conversation(call, devices, meter);
  const stopSound = call.view.subscribe(() => sound.play(call.view.value.media));
  const stopSpeaker = devices.view.subscribe(() => sound.setSpeaker(devices.view.value.chosen.speaker));
  sound.setSpeaker(devices.view.value.chosen.speaker);
  return {
    call,
    devices,
    meter,
    sound,
    talk,
    dispose() {
      stopSound();
      stopSpeaker();
      talk.stop();
      call.leave();
      sound.stop();
      devices.stop();
    },
  };
}

function roomToken(session: number): TokenSource {
  return async () => {
    try {
      const room = await client.post<RoomToken>(`telemedicine/${session}/generate-token/`);
      if (room.provider !== "embedded") throw new Refused("refused", "");
      // Behind a proxy that ends TLS the server may not know that the page is secure.
      const url = location.protocol === "https:" ? room.url.replace(/^ws:/, "wss:") : room.url;
      return { token: room.token, url };
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) throw new Refused("closed", error.message);
      if (error instanceof ApiError && (error.status === 403 || error.status === 404)) throw new Refused("refused", error.message);
      throw error;
    }
  };
}
