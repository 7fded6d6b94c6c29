/** Which pictures stand where: one person fills the stage, several share a grid, a screen takes the middle. Pure. */
import type { Person, RemoteMedia } from "./call.ts";
import { NO_MEDIA } from "./call.ts";

export interface StageTile {
  readonly key: string;
  readonly person: Person;
  readonly source: "camera" | "screen";
  /** Null while nothing arrives: the tile shows the name instead. */
  readonly stream: MediaStream | null;
}

export interface Stage {
  readonly main: readonly StageTile[];
  /** Small pictures beside the main one. */
  readonly strip: readonly StageTile[];
  readonly columns: number;
}

export function arrange(people: readonly Person[], media: ReadonlyMap<string, RemoteMedia>, lowData: boolean): Stage {
  const here = people.filter((p) => !p.waiting);
  const cameras = here.map((person): StageTile => {
    const stream = person.video && !lowData ? (media.get(person.id) ?? NO_MEDIA).camera : null;
    return { key: `${person.id}-camera`, person, source: "camera", stream };
  });
  const screens = here
    .filter((person) => person.screen)
    .map((person): StageTile => ({ key: `${person.id}-screen`, person, source: "screen", stream: (media.get(person.id) ?? NO_MEDIA).screen }));
  if (screens.length > 0) return { main: screens, strip: cameras, columns: columnsFor(screens.length) };
  return { main: cameras, strip: [], columns: columnsFor(cameras.length) };
}

/** As square as it goes: 1, 2 beside each other, then rows of two, of three. */
export function columnsFor(count: number): number {
  if (count <= 1) return 1;
  if (count <= 4) return 2;
  return 3;
}

/** The size a picture of this aspect really has in a box, whole or filling it: no more pixels are asked for. */
export function shownSize(box: { width: number; height: number }, aspect: number, fill: boolean): { width: number; height: number } {
  const wider = box.width / box.height > aspect;
  // Whole: the narrower side decides. Filling: the wider one.
  return wider === fill ? { width: box.width, height: box.width / aspect } : { width: box.height * aspect, height: box.height };
}

export type Corner = "top-start" | "top-end" | "bottom-start" | "bottom-end";

/** The corner nearest to a point, for the own picture after it was dragged. `rtl` swaps start and end. */
export function nearestCorner(x: number, y: number, width: number, height: number, rtl = false): Corner {
  const left = x < width / 2;
  const side = left === rtl ? "end" : "start";
  return `${y < height / 2 ? "top" : "bottom"}-${side}`;
}

/** The corner reached with an arrow key, or null when the key is none. */
export function cornerByKey(corner: Corner, key: string, rtl = false): Corner | null {
  const [row, side] = corner.split("-") as ["top" | "bottom", "start" | "end"];
  switch (key) {
    case "ArrowUp":
      return `top-${side}`;
    case "ArrowDown":
      return `bottom-${side}`;
    case "ArrowLeft":
      return `${row}-${rtl ? "end" : "start"}`;
    case "ArrowRight":
      return `${row}-${rtl ? "start" : "end"}`;
    default:
      return null;
  }
}
