import { UserMinus } from "lucide";
import { useState } from "preact/hooks";
import { accounts, sessions } from "../../api/calls.ts";
import { explain, fieldError, formError } from "../../api/errors.ts";
import type { Participant, Session } from "../../api/types.ts";
import { useAction } from "../../data/use_action.ts";
import { sessionWords as w } from "../../i18n/sessions_en.ts";
import { t } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { Combobox, type Option } from "../../ui/combobox.tsx";
import { Dialog, DialogFoot } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toast } from "../../ui/toast.tsx";

/** Lets other doctors of the clinic into a session, and takes an invitation back. */
export function InviteDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const [colleague, setColleague] = useState<Option | null>(null);
  const [missing, setMissing] = useState(false);
  const [gone, setGone] = useState<readonly number[]>([]);
  const action = useAction();
  const invited = session.participants.filter((one) => one.user !== null && one.user !== session.doctor && one.user_role !== "PATIENT" && !gone.includes(one.user));

  const submit = async (event: Event) => {
    event.preventDefault();
    setMissing(!colleague);
    if (!colleague) return;
    const done = await action.run(colleague.id, (key) => sessions.invite(session.id, colleague.id, key).then(() => true));
    if (!done) return;
    toast(w.invited(colleague.title));
    onClose();
  };
  const takeBack = async (one: Participant) => {
    if (one.user === null) return;
    try {
      await sessions.uninvite(session.id, one.user);
      setGone([...gone, one.user]);
    } catch (error) {
      toast(explain(error), { tone: "danger" });
    }
  };
  const trouble = formError(action.error, ["user"]);
  return (
    <Dialog title={w.inviteTitle} onClose={onClose} busy={action.busy}>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        <p class="soft">{w.inviteText}</p>
        {trouble ? <Notice tone="danger">{trouble}</Notice> : null}
        <Combobox
          label={w.colleague}
          value={colleague}
          onValue={setColleague}
          none={w.noColleague}
          error={missing && !colleague ? w.colleagueMissing : fieldError(action.error, "user")}
          search={async (text, signal) => {
            const all = await accounts.doctors(signal);
            return all
              .filter((one) => one.id !== session.doctor && one.full_name.toLowerCase().includes(text.toLowerCase()))
              .map((one) => ({ id: one.id, title: one.full_name, detail: one.specialization }));
          }}
        />
        {invited.length > 0 ? (
          <div>
            <h3>{w.invitedList}</h3>
            <ul>{invited.map((one) => <li key={one.id} class="row">{one.display_name}<Button kind="quiet" class="push" icon={UserMinus} label={w.uninvite(one.display_name)} onClick={() => void takeBack(one)} /></li>)}</ul>
          </div>
        ) : null}
        <DialogFoot>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={action.busy}>{w.invite}</Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
