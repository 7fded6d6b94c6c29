import { useState } from "preact/hooks";
import { sessions } from "../../api/calls.ts";
import { fieldError, formError } from "../../api/errors.ts";
import type { Session } from "../../api/types.ts";
import { useAction } from "../../data/use_action.ts";
import { sessionWords as w } from "../../i18n/sessions_en.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, DialogFoot } from "../../ui/dialog.tsx";
import { TextArea } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toast } from "../../ui/toast.tsx";

/** Cancels a session that has not begun, with the reason. */
export function CancelDialog({ session, onClose, onCancelled }: { session: Session; onClose: () => void; onCancelled?: (session: Session) => void }) {
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const action = useAction();
  const submit = async (event: Event) => {
    event.preventDefault();
    setMissing(reason.trim() === "");
    if (reason.trim() === "") return;
    const answer = await action.run(reason.trim(), (key) => sessions.cancel(session.id, reason.trim(), key));
    if (!answer) return;
    toast(w.cancelled);
    onCancelled?.(answer);
    onClose();
  };
  const trouble = formError(action.error, ["reason"]);
  return (
    <Dialog title={w.cancelTitle(session.patient_name)} onClose={onClose} busy={action.busy}>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        <p class="soft">{w.cancelText}</p>
        {trouble ? <Notice tone="danger">{trouble}</Notice> : null}
        <TextArea label={w.reason} hint={w.reasonHint} value={reason} onValue={setReason} error={missing && reason.trim() === "" ? w.reasonMissing : fieldError(action.error, "reason")} maxLength={500} />
        <DialogFoot>
          <Button onClick={onClose}>{w.keep}</Button>
          <Button kind="danger" type="submit" busy={action.busy}>{w.cancel}</Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
