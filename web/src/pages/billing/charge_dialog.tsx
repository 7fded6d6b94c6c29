import { useState } from "preact/hooks";
import { billing, visits } from "../../api/calls.ts";
import { fieldError, formError } from "../../api/errors.ts";
import type { Service } from "../../api/types.ts";
import { useAction } from "../../data/use_action.ts";
import { billingWords as w } from "../../i18n/billing_en.ts";
import { t } from "../../i18n/index.ts";
import { minorOf, moneyWords, wireOf } from "../../money/money.ts";
import { Button } from "../../ui/button.tsx";
import { Combobox, type Option } from "../../ui/combobox.tsx";
import { Dialog, DialogFoot } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toast } from "../../ui/toast.tsx";

interface ServiceOption extends Option { service: Service }

/** Adds a service of the catalog to a visit's bill. */
export function ChargeDialog({ visit, onClose, onCharged }: { visit: number; onClose: () => void; onCharged: () => void }) {
  const [service, setService] = useState<ServiceOption | null>(null);
  const [quantity, setQuantity] = useState("1");
  const [tried, setTried] = useState(false);
  const action = useAction();
  const count = /^\d{1,4}$/.test(quantity.trim()) ? Number(quantity) : 0;
  const wrong = { service: !service, quantity: count < 1 || count > 1000 };
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (!service || wrong.quantity) return;
    const body = { service_code: service.service.service_code, quantity: count };
    const charge = await action.run({ visit, ...body }, (key) => visits.charge(visit, body, key));
    if (!charge) return;
    toast(w.added(service.title));
    onCharged();
    onClose();
  };
  const trouble = formError(action.error, ["service_code", "quantity"]);
  const total = service && !wrong.quantity ? w.total(moneyWords(wireOf((minorOf(service.service.amount) ?? 0) * count), service.service.currency)) : "";
  return (
    <Dialog title={w.chargeTitle} onClose={onClose} busy={action.busy}>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        {trouble ? <Notice tone="danger">{trouble}</Notice> : null}
        <Combobox
          label={w.service} hint={w.serviceHint} value={service} onValue={setService} none={w.noService}
          error={tried && wrong.service ? w.serviceMissing : fieldError(action.error, "service_code")}
          search={async (text, signal) => (await billing.services({ search: text, is_active: true, page_size: 20 }, signal)).results.map((one) => ({ id: one.id, title: one.name, detail: `${one.service_code} · ${moneyWords(one.amount, one.currency)}`, service: one }))}
        />
        <TextField label={w.quantity} value={quantity} onValue={setQuantity} inputMode="numeric" hint={total} error={tried && wrong.quantity ? w.quantityWrong : fieldError(action.error, "quantity")} />
        <DialogFoot>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={action.busy}>{w.add}</Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
