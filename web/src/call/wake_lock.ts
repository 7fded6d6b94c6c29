/** Keeps the screen on during a call, where the browser can. It lets go by itself when the page is hidden; this takes it again. */
export function keepAwake(): () => void {
  let ended = false;
  let lock: WakeLockSentinel | null = null;
  const take = () => {
    if (ended || document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    navigator.wakeLock.request("screen").then(
      (taken) => {
        if (ended) void taken.release();
        else lock = taken;
      },
      // Low battery or a refusal: the call goes on without it.
      () => undefined,
    );
  };
  document.addEventListener("visibilitychange", take);
  take();
  return () => {
    ended = true;
    document.removeEventListener("visibilitychange", take);
    void lock?.release().catch(() => undefined);
  };
}
