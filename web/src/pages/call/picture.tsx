import { useLayoutEffect, useMemo, useRef } from "preact/hooks";

/** A stream as a picture. Its sound is never played here: `SoundOut` does that. */
export function Picture({ stream, label, mirrored = false, fill = false }: { stream: MediaStream; label: string; mirrored?: boolean; fill?: boolean }) {
  const element = useRef<HTMLVideoElement>(null);
  useLayoutEffect(() => {
    const video = element.current;
    if (!video || video.srcObject === stream) return;
    video.srcObject = stream;
    // Muted pictures may always play; a refusal here is a removed element.
    video.play().catch(() => undefined);
  }, [stream]);
  return <video ref={element} class={`picture${mirrored ? " mirrored" : ""}${fill ? " fill" : ""}`} muted playsInline autoplay aria-label={label} />;
}

/** My own camera. Mirrored like a mirror, but for the camera that looks away from me. */
export function OwnPicture({ track, label }: { track: MediaStreamTrack; label: string }) {
  const stream = useMemo(() => new MediaStream([track]), [track]);
  return <Picture stream={stream} label={label} mirrored={track.getSettings().facingMode !== "environment"} fill />;
}
