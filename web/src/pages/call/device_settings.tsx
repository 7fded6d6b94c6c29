import { Volume2 } from "lucide";
import { useState } from "preact/hooks";
import { thisBrowser } from "../../call/browser.ts";
import { type Choice as DeviceChoice, troublesOf } from "../../call/devices.ts";
import { playTestSound, wakeAudio } from "../../call/level_meter.ts";
import { callText as t } from "../../i18n/call_en.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox, SelectField } from "../../ui/field.tsx";
import { LevelBar } from "./level_bar.tsx";
import { TroubleCard } from "./trouble_card.tsx";
import { useReadable } from "./use_readable.ts";
import type { VisitCall } from "./visit_call.ts";

/** Which microphone, camera and speaker, with what is wrong with them. Before and in the call. */
export function DeviceSettings({ visit, troubles = true }: { visit: VisitCall; troubles?: boolean }) {
  const { devices, meter, talk } = visit;
  const view = useReadable(devices.view);
  const { lowData } = useReadable(talk.view);
  const browser = thisBrowser();
  return (
    <div class="device-settings">
      {troubles ? troublesOf(view).map(({ device, trouble }) => <TroubleCard key={device} device={device} trouble={trouble} browser={browser} onRetry={() => void devices.retry(device)} />) : null}
      <SelectField label={t.devices.microphone} choices={choices(view.microphones)} value={current(view.microphone.track, view.chosen.microphone)} onValue={(id) => void devices.choose("microphone", id)} />
      <LevelBar meter={meter} label={t.devices.level} />
      <SelectField label={t.devices.camera} choices={choices(view.cameras)} value={current(view.camera.track, view.chosen.camera)} onValue={(id) => void devices.choose("camera", id)} />
      {view.speakerChoice && view.speakers.length > 0
        ? <SelectField label={t.devices.speaker} choices={choices(view.speakers)} value={view.chosen.speaker || (view.speakers[0]?.id ?? "")} onValue={(id) => devices.chooseSpeaker(id)} />
        : <p class="faint">{t.devices.noChoice}</p>}
      <div><TestSound speaker={view.chosen.speaker} /></div>
      <Checkbox label={t.devices.lowData} hint={t.devices.lowDataHint} checked={lowData} onChecked={(on) => talk.setLowData(on)} />
      <Checkbox label={t.devices.echo} hint={t.devices.echoHint} checked={view.sound.echoCancellation} onChecked={(on) => void devices.setSound({ echoCancellation: on })} />
      <Checkbox label={t.devices.noise} checked={view.sound.noiseSuppression} onChecked={(on) => void devices.setSound({ noiseSuppression: on })} />
    </div>
  );
}

/** Three notes through the chosen speaker. */
export function TestSound({ speaker }: { speaker: string }) {
  const [playing, setPlaying] = useState(false);
  const play = () => {
    wakeAudio();
    setPlaying(true);
    playTestSound(speaker).catch(() => undefined).finally(() => setPlaying(false));
  };
  return <Button icon={Volume2} onClick={play} aria-disabled={playing || undefined}>{playing ? t.check.soundPlaying : t.devices.test}</Button>;
}

function current(track: MediaStreamTrack | null, chosen: string): string {
  return track?.getSettings().deviceId ?? chosen;
}

function choices(list: readonly DeviceChoice[]): { value: string; label: string }[] {
  if (list.length === 0) return [{ value: "", label: t.devices.standard }];
  return list.map((choice, index) => ({ value: choice.id, label: choice.label || t.devices.unnamed(index + 1) }));
}
