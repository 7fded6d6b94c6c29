/** Asks for a screen, a window or a tab. */
export interface Share {
  readonly picture: MediaStreamTrack;
  readonly sound: MediaStreamTrack | null;
}

export type ShareFailure = "unsupported" | "cancelled" | "denied_by_system" | "failed";

export function canShare(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === "function";
}

export async function askForScreen(): Promise<Share | ShareFailure> {
  if (!canShare()) return "unsupported";
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({
      video: { frameRate: { ideal: 15, max: 15 } },
      audio: true,
    });
    const picture = stream.getVideoTracks()[0];
    if (!picture) return "failed";
    // Letters must stay sharp; a film is rare in a visit.
    picture.contentHint = "detail";
    return { picture, sound: stream.getAudioTracks()[0] ?? null };
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotAllowedError") {
      return /system/i.test(error.message) ? "denied_by_system" : "cancelled";
    }
    return "failed";
  }
}
