import { MicOff, VideoOff } from "lucide";
import { useRef, useState } from "preact/hooks";
import { type Corner, cornerByKey, nearestCorner } from "../../call/tiles.ts";
import { callText as t } from "../../i18n/call_en.ts";
import { Icon } from "../../ui/icon.tsx";
import { OwnPicture } from "./picture.tsx";
import { useReadable } from "./use_readable.ts";
import type { VisitCall } from "./visit_call.ts";

const KEPT = "televisit.self_corner";
const CORNERS: ReadonlySet<string> = new Set(["top-start", "top-end", "bottom-start", "bottom-end"]);
const rtl = () => document.documentElement.dir === "rtl";

/** My own picture in a corner; dragged or moved by arrow keys to another one. */
export function SelfView({ visit }: { visit: VisitCall }) {
  const { camera, microphone } = useReadable(visit.devices.view);
  const [corner, setCorner] = useState<Corner>(keptCorner);
  const element = useRef<HTMLDivElement>(null);
  const drag = useRef<{ x: number; y: number } | null>(null);

  const settle = (next: Corner) => {
    setCorner(next);
    try {
      localStorage.setItem(KEPT, next);
    } catch {
      // It stays there for this visit at least.
    }
  };
  const onPointerMove = (event: PointerEvent) => {
    const begin = drag.current;
    if (!begin || !element.current) return;
    element.current.style.transform = `translate(${event.clientX - begin.x}px, ${event.clientY - begin.y}px)`;
  };
  const onPointerUp = (event: PointerEvent) => {
    const begin = drag.current;
    drag.current = null;
    const picture = element.current;
    const stage = picture?.offsetParent?.getBoundingClientRect();
    if (!begin || !picture || !stage) return;
    const box = picture.getBoundingClientRect();
    picture.style.transform = "";
    picture.classList.remove("dragged");
    // A press without a way is no wish to move.
    if (Math.hypot(event.clientX - begin.x, event.clientY - begin.y) < 8) return;
    settle(nearestCorner(box.x + box.width / 2 - stage.x, box.y + box.height / 2 - stage.y, stage.width, stage.height, rtl()));
  };

  return (
    <div
      ref={element}
      class="self"
      data-corner={corner}
      role="group"
      tabIndex={0}
      aria-label={t.stage.selfLabel(t.stage.corner[corner])}
      onKeyDown={(event) => {
        const next = cornerByKey(corner, event.key, rtl());
        if (!next) return;
        event.preventDefault();
        settle(next);
      }}
      onPointerDown={(event) => {
        drag.current = { x: event.clientX, y: event.clientY };
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.classList.add("dragged");
      }}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
    >
      {camera.track ? <OwnPicture track={camera.track} label={t.check.ownPicture} /> : <div class="no-picture"><Icon of={VideoOff} /></div>}
      <span>{microphone.wanted && microphone.track ? null : <Icon of={MicOff} />}{t.stage.you}</span>
    </div>
  );
}

function keptCorner(): Corner {
  try {
    const kept = localStorage.getItem(KEPT) ?? "";
    if (CORNERS.has(kept)) return kept as Corner;
  } catch {
    // Storage may be forbidden.
  }
  return "bottom-end";
}
