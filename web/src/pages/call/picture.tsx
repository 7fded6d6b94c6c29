import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";

/** `starting` until the first frame, `stalled` when no new one has come for three seconds. */
export type Flow = "starting" | "live" | "stalled";

/** A stream as a picture. Its sound is never played here: `SoundOut` does that. */
export function Picture({ stream, label, mirrored = false, fill = false, onFlow }: { stream: MediaStream; label: string; mirrored?: boolean; fill?: boolean; onFlow?: (flow: Flow) => void }) {
  const element = useRef<HTMLVideoElement>(null);
  useLayoutEffect(() => {
    const video = element.current;
    if (!video || video.srcObject === stream) return;
    video.srcObject = stream;
    // Muted pictures may always play; a refusal here is a removed element.
    video.play().catch(() => undefined);
  }, [stream]);
  const tell = useRef(onFlow);
  tell.current = onFlow;
  useEffect(() => {
    const video = element.current;
    if (!video || !tell.current) return;
    let shown: Flow = "starting";
    let frames = -1;
    let quietSince = performance.now();
    tell.current(shown);
    const timer = setInterval(() => {
      const now = video.getVideoPlaybackQuality().totalVideoFrames;
      if (now !== frames) quietSince = performance.now();
      frames = now;
      // A hidden page draws nothing; that says nothing about the stream.
      if (document.hidden) quietSince = performance.now();
      const flow: Flow = now === 0 ? "starting" : performance.now() - quietSince > 3000 ? "stalled" : "live";
      if (flow !== shown) tell.current?.(flow);
      shown = flow;
    }, 250);
    return () => clearInterval(timer);
  }, [stream]);
  return <video ref={element} class={`picture${mirrored ? " mirrored" : ""}${fill ? " fill" : ""}`} muted playsInline autoplay aria-label={label} />;
}

/** My own camera. Mirrored like a mirror, but for the camera that looks away from me. */
export function OwnPicture({ track, label }: { track: MediaStreamTrack; label: string }) {
  const stream = useMemo(() => new MediaStream([track]), [track]);
  return <Picture stream={stream} label={label} mirrored={track.getSettings().facingMode !== "environment"} fill />;
}
