import { History } from "lucide";
import { sessions } from "../../api/calls.ts";
import { useLoad } from "../../data/use_load.ts";
import { sessionWords as w } from "../../i18n/sessions_en.ts";
import { t } from "../../i18n/index.ts";
import { Empty, LoadError, Skeleton } from "../../ui/load_state.tsx";
import { Time } from "../../ui/time.tsx";
import { Timeline } from "../../ui/timeline.tsx";

const TONES: Record<string, "good" | "attention" | "danger"> = { started: "good", joined: "good", ended: "good", cancelled: "attention", failed: "danger" };

/** What happened in a session, oldest first. */
export function TimelineTab({ id }: { id: number }) {
  const loaded = useLoad(`timeline ${id}`, (signal) => sessions.timeline(id, signal), { kinds: ["session"] });
  if (!loaded.data) return loaded.error ? <LoadError error={loaded.error} onRetry={loaded.reload} /> : <Skeleton lines={5} />;
  if (loaded.data.length === 0) return <Empty icon={History} title={w.timelineEmpty} />;
  return (
    <Timeline
      items={loaded.data.map((entry, index) => {
        const tone = TONES[entry.kind];
        return {
          key: `${index}`,
          when: <Time at={entry.at} />,
          title: w.timelineKinds[entry.kind] ?? t.fieldName(entry.kind),
          detail: [entry.actor_name, entry.detail].filter(Boolean).join(" · "),
          ...(tone ? { tone } : {}),
        };
      })}
    />
  );
}
