/** What needs attention in a call, the most pressing first. The page shows the first two. Pure. */
import type { CallView } from "./call.ts";
import type { ConversationView } from "./conversation.ts";
import type { Affected, Device, Trouble } from "./device_trouble.ts";
import { type DevicesView, troublesOf } from "./devices.ts";

export type Banner =
  | { readonly kind: "reconnecting"; readonly since: number }
  | { readonly kind: "sound_blocked" }
  | { readonly kind: "device"; readonly device: Affected; readonly trouble: Trouble }
  | { readonly kind: "muted_speech" }
  | { readonly kind: "weak"; readonly advice: "picture_off" | "low_data" | "other" }
  | { readonly kind: "other_away"; readonly name: string }
  | { readonly kind: "other_weak"; readonly name: string }
  | { readonly kind: "share_failed"; readonly why: NonNullable<ConversationView["shareFailure"]> }
  | { readonly kind: "replaced"; readonly device: Device; readonly label: string }
  | { readonly kind: "sharing" };

/** A blip shorter than this heals before anybody could read about it. */
const RECONNECT_GRACE = 1500;

export function bannersFor(
  call: CallView,
  devices: DevicesView,
  talk: ConversationView,
  context: { soundBlocked: boolean; now: number; dismissed: ReadonlySet<string> },
): Banner[] {
  const banners: Banner[] = [];
  if (call.brokenSince !== null && context.now - call.brokenSince >= RECONNECT_GRACE) banners.push({ kind: "reconnecting", since: call.brokenSince });
  if (context.soundBlocked) banners.push({ kind: "sound_blocked" });
  for (const { device, trouble } of troublesOf(devices)) {
    const affected = devices[device === "both" ? "microphone" : device];
    if (affected.wanted && !affected.asking && !context.dismissed.has(`device-${device}-${trouble}`)) banners.push({ kind: "device", device, trouble });
  }
  if (talk.mutedSpeech) banners.push({ kind: "muted_speech" });
  const away = call.people.find((p) => p.away && !p.waiting);
  if (away && call.brokenSince === null) banners.push({ kind: "other_away", name: away.name });
  if (talk.quality.level === "poor" && call.brokenSince === null && !context.dismissed.has("weak")) {
    const { advice } = talk.quality;
    const useful = advice === "picture_off" ? devices.camera.track !== null : advice === "low_data" ? !talk.lowData : false;
    banners.push({ kind: "weak", advice: useful && (advice === "picture_off" || advice === "low_data") ? advice : "other" });
  } else {
    const weak = call.people.find((p) => p.quality === "poor" && !p.away && !p.waiting);
    if (weak && !context.dismissed.has(`weak-${weak.id}`)) banners.push({ kind: "other_weak", name: weak.name });
  }
  if (talk.shareFailure) banners.push({ kind: "share_failed", why: talk.shareFailure });
  if (devices.replaced) banners.push({ kind: "replaced", device: devices.replaced.device, label: devices.replaced.label });
  if (talk.share) banners.push({ kind: "sharing" });
  return banners;
}
