import { CalendarDays, Ellipsis, Plus, Trash2, Video } from "lucide";
import { useState } from "preact/hooks";
import { ApiError } from "../api/errors.ts";
import { useTitle } from "../shell/title.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Badge } from "../ui/badge.tsx";
import { Button, LinkButton } from "../ui/button.tsx";
import { Combobox, type Option } from "../ui/combobox.tsx";
import { DateTimeField } from "../ui/date_time_field.tsx";
import { Dialog, DialogFoot } from "../ui/dialog.tsx";
import { Checkbox, RadioGroup, SelectField, TextArea, TextField } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { Empty, LoadError, Skeleton } from "../ui/load_state.tsx";
import { Menu } from "../ui/menu.tsx";
import { Notice } from "../ui/notice.tsx";
import { Pager } from "../ui/pager.tsx";
import { Progress } from "../ui/progress.tsx";
import { SearchField } from "../ui/search_field.tsx";
import { Table } from "../ui/table.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { Timeline } from "../ui/timeline.tsx";
import { toast } from "../ui/toast.tsx";

const PEOPLE: Option[] = [{ id: 1, title: "Test Telemedicine", detail: "P-000001" }, { id: 2, title: "Grace Njeri", detail: "P-000014" }];

/** Every component in its states, for whoever works on them; only in development builds, so its words need no translation. */
export default function UiPage() {
  const [text, setText] = useState("Amina");
  const [choice, setChoice] = useState("a");
  const [ticked, setTicked] = useState(true);
  const [person, setPerson] = useState<Option | null>(null);
  const [day, setDay] = useState("2026-11-22");
  const [clock, setClock] = useState("14:15");
  const [tab, setTab] = useState("one");
  const [page, setPage] = useState(2);
  const [open, setOpen] = useState<"" | "dialog" | "drawer">("");
  useTitle("Components");
  const choices = [{ value: "a", label: "First" }, { value: "b", label: "Second" }];
  const part = (title: string, children: preact.ComponentChildren) => <section class="card pad stack"><h2>{title}</h2>{children}</section>;
  return (
    <div class="stack">
      <h1>Components</h1>
      {part("Buttons", <>
        <div class="row"><Button kind="primary">Primary</Button><Button>Plain</Button><Button kind="danger">Danger</Button><Button kind="quiet">Quiet</Button><Button icon={Plus}>With icon</Button><Button kind="quiet" icon={Trash2} label="Delete" /><LinkButton href="/ui">Link</LinkButton></div>
        <div class="row"><Button kind="primary" busy>Primary</Button><Button busy>Plain</Button><Button kind="danger" busy>Danger</Button><Button kind="primary" disabled>Primary</Button><Button disabled>Plain</Button></div>
        <Button kind="primary" wide icon={Video}>Wide</Button>
      </>)}
      {part("Fields", <>
        <div class="pair"><TextField label="Name" value={text} onValue={setText} hint="A hint stands below." /><TextField label="Name" value={text} onValue={setText} error="An error takes its place." /></div>
        <div class="pair"><TextField label="Optional" optional value="" onValue={setText} /><TextField label="Disabled" disabled value={text} onValue={setText} /></div>
        <TextArea label="Several lines" value={text} onValue={setText} />
        <div class="pair"><SelectField label="Select" value={choice} onValue={setChoice} choices={choices} /><Combobox label="Combobox" value={person} onValue={setPerson} none="Nobody found." search={(typed) => Promise.resolve(PEOPLE.filter((one) => one.title.toLowerCase().includes(typed.toLowerCase())))} /></div>
        <DateTimeField label="Start" day={day} clock={clock} onDay={setDay} onClock={setClock} zone="Africa/Nairobi" />
        <Checkbox label="Tick" hint="With a hint" checked={ticked} onChecked={setTicked} />
        <RadioGroup label="One of a few" value={choice} onValue={setChoice} choices={[...choices, { value: "c", label: "Not now", hint: "Disabled", disabled: true }]} />
        <SearchField label="Search" value="" onValue={() => undefined} />
      </>)}
      {part("Marks", <div class="row"><Badge>Plain</Badge><Badge tone="good">Good</Badge><Badge tone="attention">Attention</Badge><Badge tone="danger">Danger</Badge><Badge tone="info">Info</Badge><Avatar name="Dr Amina Wanjiru" /><Avatar name="Grace Njeri" here /><Avatar name="Cher" small /></div>)}
      {part("Notices", <><Notice title="Note.">Something to know.</Notice><Notice tone="attention" action={<Button>Do it</Button>}>Something to look after.</Notice><Notice tone="danger" title="Trouble.">Something went wrong, and what to do.</Notice><LoadError error={new ApiError(0, null)} onRetry={() => undefined} /></>)}
      {part("Waiting and empty", <><Skeleton /><Progress label="Working" /><Progress label="Step 2 of 3" done={0.6} note="about 1 min left" /><Empty icon={CalendarDays} title="Nothing here" action={<Button>Begin</Button>}>What this is, and what to do first.</Empty></>)}
      {part("Menu, dialog, toast", <div class="row"><Menu label="More" button={<Icon of={Ellipsis} />} groups={[[{ label: "Open", href: "/ui" }, { label: "Second", onSelect: () => toast("Chosen") }], [{ label: "Delete", icon: Trash2, danger: true, onSelect: () => undefined }]]} /><Button onClick={() => setOpen("dialog")}>Dialog</Button><Button onClick={() => setOpen("drawer")}>Drawer</Button><Button onClick={() => toast("Saved.")}>Toast</Button><Button onClick={() => toast("Archived.", { action: { label: "Undo", run: () => toast("Back again.") } })}>Toast with undo</Button><Button onClick={() => toast("It did not work. Try again.", { tone: "danger" })}>Trouble</Button></div>)}
      {part("Table", <Table caption="People" rows={PEOPLE} columns={[{ key: "name", title: "Name", main: true, cell: (one) => <a class="stretch" href="/ui">{one.title}</a> }, { key: "number", title: "Number", cell: (one) => one.detail }, { key: "sum", title: "To pay", figure: true, cell: () => "1,000.00" }]} />)}
      <Pager page={page} count={120} size={25} onPage={setPage} />
      {part("Tabs and timeline", <Tabs label="Example" open={tab} onOpen={setTab} tabs={[{ key: "one", label: "Timeline", body: () => <Timeline items={[{ key: "1", when: "Today, 14:15", title: "Started", tone: "good" }, { key: "2", when: "Today, 14:37", title: "Ended", detail: "22 minutes" }]} /> }, { key: "two", label: "Second", body: () => <p>Second</p> }]} />)}
      {open ? <Dialog title="A dialog" drawer={open === "drawer"} onClose={() => setOpen("")}><TextField label="Name" value={text} onValue={setText} /><DialogFoot><Button onClick={() => setOpen("")}>Cancel</Button><Button kind="primary" onClick={() => setOpen("")}>Save</Button></DialogFoot></Dialog> : null}
    </div>
  );
}
