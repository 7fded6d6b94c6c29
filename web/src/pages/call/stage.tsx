import { MicOff } from "lucide";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Call, Tile } from "../../call/call.ts";
import { type Stage, type StageTile, arrange, shownSize } from "../../call/tiles.ts";
import { callText as t } from "../../i18n/call_en.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Icon } from "../../ui/icon.tsx";
import { type Flow, Picture } from "./picture.tsx";
import { useReadable } from "./use_readable.ts";

/** The pictures of the others. It also tells the media server how large each one is shown. */
export function StageView({ call, fill, lowData, expected }: { call: Call; fill: boolean; lowData: boolean; expected: string }) {
  const view = useReadable(call.view);
  const stage = arrange(view.people, view.media, lowData);
  const root = useRef<HTMLDivElement>(null);
  // "Not here yet" is for those who have not been here.
  const [someoneCame, setSomeoneCame] = useState(false);
  useEffect(() => {
    if (stage.main.length > 0) setSomeoneCame(true);
  }, [stage.main.length > 0]);
  useTileSizes(call, stage, root);

  if (stage.main.length === 0) {
    const connecting = !view.mediaConnected;
    const joining = view.people.find((p) => !p.waiting);
    return (
      <div ref={root} class="alone" role="status">
        <h2>{connecting ? t.stage.connecting : joining ? t.stage.joining(joining.name) : expected && !someoneCame ? t.stage.alone(expected) : t.stage.aloneAgain}</h2>
        <p>{connecting ? t.stage.connectingHint : t.stage.aloneHint}</p>
      </div>
    );
  }
  return (
    <div ref={root} class={stage.strip.length > 0 ? "pictures with-strip" : "pictures"} data-columns={stage.columns}>
      <div class="main-pictures">{stage.main.map((tile) => <TileView key={tile.key} tile={tile} fill={fill && tile.source === "camera"} lowData={lowData} single={stage.main.length === 1 && stage.strip.length === 0} />)}</div>
      {stage.strip.length > 0 ? <div class="strip">{stage.strip.map((tile) => <TileView key={tile.key} tile={tile} fill lowData={lowData} single={false} />)}</div> : null}
    </div>
  );
}

function TileView({ tile, fill, lowData, single }: { tile: StageTile; fill: boolean; lowData: boolean; single: boolean }) {
  const { person, stream, source } = tile;
  const [flow, setFlow] = useState<Flow>("starting");
  // A shared screen may stand still for minutes; a camera never does.
  const stalled = stream !== null && source === "camera" && flow === "stalled" && !person.away;
  const label = source === "screen" ? t.stage.screenOf(person.name) : t.stage.pictureOf(person.name);
  return (
    <figure class={`tile${person.away || stalled ? " away" : ""}`} data-participant={person.id} data-source={source}>
      {stream ? <Picture stream={stream} label={label} fill={fill} onFlow={setFlow} /> : null}
      {stream && flow !== "starting"
        ? null
        : (
          <div class="no-picture">
            <Avatar name={person.name} />
            <span>{person.away || stream ? "" : lowData && person.video && source === "camera" ? t.stage.pausedPicture : t.stage.noPicture}</span>
          </div>
        )}
      {stalled ? <p class="tile-away">{t.stage.stalled}</p> : null}
      {person.away ? <p class={stream ? "tile-away" : "tile-away below"}>{t.stage.away}</p> : null}
      <figcaption class={single ? "single" : ""}>
        {person.audio || source === "screen" ? null : <><Icon of={MicOff} /><span class="visually-hidden">{t.stage.muted}. </span></>}
        <span class={single ? "visually-hidden" : ""}>{source === "screen" ? t.stage.screenOf(person.name) : person.name}</span>
        {single && !person.audio ? <span>{t.stage.muted}</span> : null}
      </figcaption>
    </figure>
  );
}

/** Measures the tiles when the layout has settled and asks for pictures of that size. */
function useTileSizes(call: Call, stage: Stage, root: { current: HTMLDivElement | null }): void {
  const wanted = [...stage.main, ...stage.strip].filter((tile) => tile.stream !== null);
  const keys = wanted.map((tile) => tile.key).join(" ");
  const measure = useRef<() => void>(() => undefined);
  measure.current = () => {
    const scale = Math.min(2, window.devicePixelRatio || 1);
    const tiles: Tile[] = [];
    for (const tile of wanted) {
      const element = root.current?.querySelector(`[data-participant="${CSS.escape(tile.person.id)}"][data-source="${tile.source}"]`);
      const box = element?.getBoundingClientRect();
      if (box && box.width > 0 && box.height > 0) {
        const video = element?.querySelector("video");
        const aspect = video && video.videoWidth > 0 ? video.videoWidth / video.videoHeight : 16 / 9;
        const size = shownSize(box, aspect, video?.classList.contains("fill") ?? false);
        tiles.push({ participant: tile.person.id, source: tile.source, width: Math.round(size.width * scale), height: Math.round(size.height * scale) });
      }
    }
    call.show(tiles);
  };
  useLayoutEffect(() => measure.current(), [keys]);
  useEffect(() => {
    const element = root.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(() => measure.current(), 150);
    });
    observer.observe(element);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [keys]);
}
