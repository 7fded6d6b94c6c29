import { useEffect, useRef } from "preact/hooks";
import type { LevelMeter } from "../../call/level_meter.ts";

/** How loud the microphone hears. Drawn past the framework: it moves twelve times a second. */
export function LevelBar({ meter, label }: { meter: LevelMeter; label: string }) {
  const bar = useRef<HTMLDivElement>(null);
  const fill = useRef<HTMLElement>(null);
  useEffect(() => {
    let spoken = -1;
    const draw = () => {
      const { level } = meter.value.value;
      if (fill.current) fill.current.style.transform = `scaleX(${level.toFixed(3)})`;
      // Coarse steps for those who have it read out.
      const step = Math.round(level * 4) * 25;
      if (step !== spoken) bar.current?.setAttribute("aria-valuenow", String(step));
      spoken = step;
    };
    draw();
    return meter.value.subscribe(draw);
  }, [meter]);
  return (
    <div ref={bar} class="level" role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={0}>
      <i ref={fill} />
    </div>
  );
}
