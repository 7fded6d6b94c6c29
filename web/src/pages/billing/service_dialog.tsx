import { useState } from "preact/hooks";
import { billing } from "../../api/calls.ts";
import { fieldError, formError } from "../../api/errors.ts";
import type { Service } from "../../api/types.ts";
import { useInfo } from "../../data/clinic.ts";
import { useAction } from "../../data/use_action.ts";
import { billingWords as w } from "../../i18n/billing_en.ts";
import { t } from "../../i18n/index.ts";
import { minorOf, wireOf } from "../../money/money.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, DialogFoot } from "../../ui/dialog.tsx";
import { Checkbox, TextArea, TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toast } from "../../ui/toast.tsx";

/** Creates a service of the catalog, or changes one. */
export function ServiceDialog({ service, onClose, onSaved }: { service?: Service; onClose: () => void; onSaved: () => void }) {
  const info = useInfo();
  const currency = service?.currency ?? info?.currency ?? "";
  const [code, setCode] = useState(service?.service_code ?? "");
  const [name, setName] = useState(service?.name ?? "");
  const [department, setDepartment] = useState(service?.department ?? "CONSULTATION");
  const [workflow, setWorkflow] = useState(service?.workflow_type ?? "OTHER");
  const [amount, setAmount] = useState(service?.amount ?? "");
  const [description, setDescription] = useState(service?.description ?? "");
  const [active, setActive] = useState(service?.is_active ?? true);
  const [tried, setTried] = useState(false);
  const action = useAction();
  const minor = minorOf(amount);
  const wrong = { code: code.trim() === "", name: name.trim() === "", amount: minor === null || minor < 0 };
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(wrong).includes(true)) return;
    const body = { name: name.trim(), department: department.trim(), workflow_type: workflow.trim(), amount: wireOf(minor ?? 0), description: description.trim(), is_active: active };
    const saved = await action.run({ code, ...body }, (key) => (service ? billing.changeService(service.id, body) : billing.createService({ ...body, service_code: code.trim() }, key)));
    if (!saved) return;
    toast(w.saved(saved.name));
    onSaved();
  };
  const error = (field: string, own: boolean, words = w.required) => (tried && own ? words : fieldError(action.error, field));
  const trouble = formError(action.error, ["service_code", "name", "department", "workflow_type", "amount", "description"]);
  return (
    <Dialog title={service ? w.editService : w.newService} onClose={onClose} busy={action.busy}>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        {trouble ? <Notice tone="danger">{trouble}</Notice> : null}
        <div class="pair">
          <TextField label={w.code} hint={w.codeHint} value={code} onValue={setCode} readOnly={service !== undefined} maxLength={50} spellcheck={false} error={error("service_code", wrong.code)} />
          <TextField label={`${w.price} (${currency})`} value={amount} onValue={setAmount} inputMode="decimal" error={error("amount", wrong.amount, w.priceMissing)} />
        </div>
        <TextField label={w.name} value={name} onValue={setName} maxLength={200} error={error("name", wrong.name)} />
        <div class="pair">
          <TextField label={w.department} value={department} onValue={setDepartment} maxLength={50} spellcheck={false} error={error("department", false)} />
          <TextField label={w.workflow} value={workflow} onValue={setWorkflow} maxLength={50} spellcheck={false} error={error("workflow_type", false)} />
        </div>
        <TextArea label={w.description} optional value={description} onValue={setDescription} rows={2} maxLength={1000} error={error("description", false)} />
        <Checkbox label={w.activeLabel} hint={w.activeHint} checked={active} onChecked={setActive} />
        <DialogFoot>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={action.busy}>{t.common.save}</Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
