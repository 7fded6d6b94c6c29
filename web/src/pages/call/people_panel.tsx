import type { User } from "../../api/types.ts";
import type { Level } from "../../call/call.ts";
import { callText as t, qualityText } from "../../i18n/call_en.ts";
import { addressOf } from "../../people/names.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Badge, type Tone } from "../../ui/badge.tsx";
import { useReadable } from "./use_readable.ts";
import type { VisitCall } from "./visit_call.ts";

const TONES: Record<Level, Tone> = { good: "good", fair: "attention", poor: "danger", unknown: "plain" };

/** Who is in the visit, what each has switched on and how well each is connected. */
export function PeoplePanel({ visit, user }: { visit: VisitCall; user: User }) {
  const { people } = useReadable(visit.call.view);
  const { microphone, camera } = useReadable(visit.devices.view);
  const { quality, share } = useReadable(visit.talk.view);
  const words = t.panel.personState;
  const mine = [microphone.wanted && microphone.track ? "" : words.audioOff, camera.wanted && camera.track ? "" : words.videoOff, share ? words.screen : ""];
  return (
    <ul class="panel people">
      <Row name={t.panel.mySelf(addressOf(user))} plain={addressOf(user)} role={t.panel.role[user.role] ?? ""} marks={mine} level={quality.level} />
      {people.map((person) => (
        <Row
          key={person.id}
          name={person.name}
          plain={person.name}
          role={t.panel.role[person.role] ?? ""}
          marks={person.waiting ? [words.waiting] : person.away ? [words.away] : [person.audio ? "" : words.audioOff, person.video ? "" : words.videoOff, person.screen ? words.screen : ""]}
          level={person.away || person.waiting ? "unknown" : person.quality}
        />
      ))}
    </ul>
  );
}

function Row({ name, plain, role, marks, level }: { name: string; plain: string; role: string; marks: string[]; level: Level }) {
  return (
    <li>
      <Avatar name={plain} />
      <div>
        <b>{name}</b>
        <span class="faint">{[role, ...marks].filter(Boolean).join(", ")}</span>
      </div>
      {level === "unknown" ? null : <Badge tone={TONES[level]}>{qualityText.level[level]}</Badge>}
    </li>
  );
}
