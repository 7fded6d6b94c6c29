import type { Banner } from "../../call/banners.ts";
import { explain } from "../../call/device_trouble.ts";
import { thisBrowser } from "../../call/browser.ts";
import { callText as t, deviceText, qualityText } from "../../i18n/call_en.ts";
import { useReadable } from "./use_readable.ts";
import type { VisitCall } from "./visit_call.ts";

/** Something that happened and is said for a few seconds. */
export interface Note {
  readonly id: number;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

interface Props {
  visit: VisitCall;
  banners: readonly Banner[];
  notes: readonly Note[];
  /** Milliseconds since 1970, moving on each second. */
  now: number;
  onDevices: () => void;
  onDismiss: (key: string) => void;
}

/** Trouble is said where it is, with the button that helps beside it. At most two at a time. */
export function BannerStack({ visit, banners, notes, now, onDevices, onDismiss }: Props) {
  return (
    <div class="whispers">
      <div role="status" aria-live="polite">
        {banners.slice(0, 2).map((banner) => <BannerView key={keyOf(banner)} visit={visit} banner={banner} now={now} onDevices={onDevices} onDismiss={onDismiss} />)}
      </div>
      <div role="status" aria-live="polite">
        {banners.length < 2 ? notes.slice(-1).map((note) => <p key={note.id} class="whisper quiet"><span>{note.text}</span>{note.action ? <button type="button" onClick={note.action.run}>{note.action.label}</button> : null}</p>) : null}
      </div>
    </div>
  );
}

/** The words, and the button that helps first. */
function line(text: string, ...buttons: [string, () => void][]) {
  return <p class="whisper"><span>{text}</span>{buttons.length > 0 ? <span class="whisper-buttons">{buttons.map(([label, run]) => <button key={label} type="button" onClick={run}>{label}</button>)}</span> : null}</p>;
}

function keyOf(banner: Banner): string {
  return banner.kind === "device" ? `device-${banner.device}` : banner.kind;
}

function BannerView({ visit, banner, now, onDevices, onDismiss }: Omit<Props, "banners" | "notes"> & { banner: Banner }) {
  const { quality } = useReadable(visit.talk.view);
  switch (banner.kind) {
    case "reconnecting":
      return line(navigator.onLine ? t.banner.reconnecting(Math.round((now - banner.since) / 1000)) : t.banner.reconnectingOffline, [t.banner.tryNow, () => visit.call.retryNow()]);
    case "sound_blocked":
      return line(t.banner.soundBlocked, [t.banner.tapToHear, () => void visit.sound.unblock()]);
    case "device":
      return line(explain(banner.trouble, banner.device, thisBrowser()).title, [t.banner.whatToDo, onDevices], [t.banner.notNow, () => onDismiss(`device-${banner.device}-${banner.trouble}`)]);
    case "muted_speech":
      return line(t.banner.mutedSpeech, [t.banner.unmute, () => void visit.devices.setOn("microphone", true)]);
    case "weak": {
      const why = qualityText.cause[quality.cause];
      const text = why ? `${t.banner.weak}. ${why}` : t.banner.weak;
      const later: [string, () => void] = [t.banner.notNow, () => onDismiss("weak")];
      if (banner.advice === "picture_off") return line(text, [t.banner.pictureOff, () => void visit.devices.setOn("camera", false)], later);
      if (banner.advice === "low_data") return line(text, [t.banner.soundFirst, () => visit.talk.setLowData(true)], later);
      return line(`${text} ${qualityText.advice[quality.advice]}`, later);
    }
    case "other_away":
      return line(t.banner.otherAway(banner.name));
    case "other_weak":
      return line(t.banner.otherWeak(banner.name), [t.banner.soundFirst, () => visit.talk.setLowData(true)]);
    case "share_failed":
      return line({ unsupported: t.banner.shareUnsupported, denied_by_system: t.banner.shareSystem, failed: t.banner.shareFailed }[banner.why], [t.banner.ok, () => visit.talk.dismissShareFailure()]);
    case "replaced":
      return line(t.banner.replaced(deviceText.noun[banner.device], banner.label), [t.banner.ok, () => visit.devices.dismissReplaced()]);
    case "sharing":
      return line(t.banner.sharing, [t.banner.stopSharing, () => visit.talk.stopShare()]);
  }
}
