import { CircleAlert, CircleCheck, LoaderCircle, Mic, MicOff, Video, VideoOff } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { thisBrowser } from "../../call/browser.ts";
import { type DeviceView, troublesOf } from "../../call/devices.ts";
import { callText as t } from "../../i18n/call_en.ts";
import { Icon } from "../../ui/icon.tsx";
import { DeviceSettings, TestSound } from "./device_settings.tsx";
import { LevelBar } from "./level_bar.tsx";
import { OwnPicture } from "./picture.tsx";
import { TroubleCard } from "./trouble_card.tsx";
import { useReadable } from "./use_readable.ts";
import type { VisitCall } from "./visit_call.ts";

type Network = "asking" | "ok" | "slow" | "bad";

/** My own picture, my own sound, the way to the clinic: each with its state and what to do about it. */
export function DeviceCheck({ visit }: { visit: VisitCall }) {
  const { devices, meter } = visit;
  const view = useReadable(devices.view);
  const heard = useReadable(meter.value);
  const network = useNetworkTest();
  const [spoken, setSpoken] = useState(false);
  const [slowPrompt, setSlowPrompt] = useState(false);
  const browser = thisBrowser();
  const { microphone, camera } = view;
  const both = troublesOf(view).find((one) => one.device === "both");
  const asking = microphone.asking || camera.asking;

  useEffect(() => {
    void devices.start({ microphone: true, camera: true });
  }, [devices]);
  useEffect(() => {
    if (heard.speaking) setSpoken(true);
  }, [heard.speaking]);
  useEffect(() => {
    // A question of the browser is easily overlooked; without one the devices are there long before.
    if (!asking) return setSlowPrompt(false);
    const timer = setTimeout(() => setSlowPrompt(true), 1200);
    return () => clearTimeout(timer);
  }, [asking]);

  return (
    <>
      <div class={camera.track || camera.asking ? "mirror" : "mirror empty"}>
        {camera.track ? <OwnPicture track={camera.track} label={t.check.ownPicture} /> : <p>{camera.asking ? t.check.cameraAsking : t.check.noPicture}</p>}
        <div class="mirror-bar">
          <RoundToggle on={microphone.wanted} onIcon={Mic} offIcon={MicOff} label={microphone.wanted ? t.check.turnMicrophoneOff : t.check.microphoneOn} onPress={() => void devices.setOn("microphone", !microphone.wanted)} />
          <RoundToggle on={camera.wanted} onIcon={Video} offIcon={VideoOff} label={camera.wanted ? t.check.turnCameraOff : t.check.cameraOn} onPress={() => void devices.setOn("camera", !camera.wanted)} />
        </div>
      </div>
      {slowPrompt ? <p class="ask" role="status">{t.check.asking}</p> : null}
      <ul class="check">
        {both ? <Row state="wrong"><TroubleCard device="both" trouble={both.trouble} browser={browser} onRetry={() => void devices.retry("both")} /></Row> : null}
        {both ? null : <Row state={stateOf(camera)}>{camera.trouble ? <TroubleCard device="camera" trouble={camera.trouble} browser={browser} onRetry={() => void devices.retry("camera")} /> : camera.asking ? t.check.cameraAsking : camera.wanted ? t.check.cameraOk : t.check.cameraOff}</Row>}
        {both ? null : <Row state={microphone.track && microphone.wanted && !microphone.trouble && !spoken ? "say" : stateOf(microphone)}>
          {microphone.trouble && microphone.trouble !== "silent"
            ? <TroubleCard device="microphone" trouble={microphone.trouble} browser={browser} onRetry={() => void devices.retry("microphone")} />
            : (
              <>
                <span>{microphone.asking ? t.check.microphoneAsking : !microphone.wanted ? t.check.microphoneOff : spoken ? t.check.microphoneOk : t.check.microphoneSay}</span>
                <LevelBar meter={meter} label={t.devices.level} />
                {microphone.trouble === "silent" ? <TroubleCard device="microphone" trouble="silent" browser={browser} onRetry={() => void devices.retry("microphone")} /> : null}
              </>
            )}
        </Row>}
        <Row state={network === "ok" ? "ok" : network === "asking" ? "asking" : "wrong"}>{{ asking: t.check.networkAsking, ok: t.check.networkOk, slow: t.check.networkSlow, bad: t.check.networkBad }[network]}</Row>
      </ul>
      <details class="more-settings">
        <summary>{t.check.wrong}</summary>
        <ul class="wrong-help">
          <li><b>{t.check.wrongCamera}</b> {t.check.wrongHelp.camera}</li>
          <li><b>{t.check.wrongMicrophone}</b> {t.check.wrongHelp.microphone}</li>
          <li><b>{t.check.wrongSound}</b> {t.check.wrongHelp.sound} <TestSound speaker={view.chosen.speaker} /></li>
        </ul>
        <DeviceSettings visit={visit} troubles={false} />
      </details>
    </>
  );
}

/** The words on the button that goes on: it says what one goes on without. */
export function useGoOnWords(visit: VisitCall): string {
  const { microphone, camera } = useReadable(visit.devices.view);
  if (microphone.asking || camera.asking) return t.check.goOn;
  const hears = microphone.track !== null;
  const sees = camera.track !== null;
  if (hears && sees) return t.check.allGood;
  if (hears) return t.check.goWithoutCamera;
  return sees ? t.check.goWithoutMicrophone : t.check.goWithoutBoth;
}

type RowState = "ok" | "off" | "asking" | "say" | "wrong";

function stateOf(device: DeviceView): RowState {
  if (device.trouble) return "wrong";
  if (device.asking) return "asking";
  return device.wanted && device.track ? "ok" : "off";
}

function Row({ state, children }: { state: RowState; children: ComponentChildren }) {
  const icon = { ok: CircleCheck, off: CircleAlert, asking: LoaderCircle, say: Mic, wrong: CircleAlert }[state];
  return <li class={state}><Icon of={icon} /><div>{children}</div></li>;
}

function RoundToggle({ on, onIcon, offIcon, label, onPress }: { on: boolean; onIcon: typeof Mic; offIcon: typeof Mic; label: string; onPress: () => void }) {
  return <button type="button" class={on ? "round" : "round off"} aria-label={label} title={label} onClick={onPress}><Icon of={on ? onIcon : offIcon} /></button>;
}

/** Three small requests to the clinic's server: the middle one of their times tells. */
function useNetworkTest(): Network {
  const [network, setNetwork] = useState<Network>("asking");
  useEffect(() => {
    const abort = new AbortController();
    const run = async () => {
      const times: number[] = [];
      for (let i = 0; i < 3; i += 1) {
        const begin = performance.now();
        const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.any([abort.signal, AbortSignal.timeout(5000)]) });
        if (!answer.ok) throw new Error("not healthy");
        times.push(performance.now() - begin);
      }
      times.sort((a, b) => a - b);
      setNetwork((times[1] ?? 0) < 600 ? "ok" : "slow");
    };
    const test = () => {
      run().catch(() => {
        if (!abort.signal.aborted) setNetwork("bad");
      });
    };
    test();
    window.addEventListener("online", test);
    return () => {
      abort.abort();
      window.removeEventListener("online", test);
    };
  }, []);
  return network;
}
