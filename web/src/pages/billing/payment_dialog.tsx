import { useRef, useState } from "preact/hooks";
import { visits } from "../../api/calls.ts";
import { ApiError, fieldError, formError } from "../../api/errors.ts";
import type { NewPayment, PaymentMethod } from "../../api/types.ts";
import { now } from "../../data/clinic.ts";
import { useAction } from "../../data/use_action.ts";
import { billingWords as w } from "../../i18n/billing_en.ts";
import { t } from "../../i18n/index.ts";
import { amountWords, minorOf, moneyWords, wireOf } from "../../money/money.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, DialogFoot } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toast } from "../../ui/toast.tsx";
import { PaymentFields } from "./payment_fields.tsx";
import { looksRepeated } from "./repeat.ts";
import "../visits/bill.css";

/** What a payment is taken for. */
export interface Owing { id: number; patient_name: string; outstanding_balance: string; currency: string }

/** Takes a payment for a visit, once: a lost answer is asked for again under the same key, and a repeated one is asked about. */
export function PaymentDialog({ visit, onClose, onPaid }: { visit: Owing; onClose: () => void; onPaid: () => void }) {
  const [amount, setAmount] = useState(() => visit.outstanding_balance);
  const [method, setMethod] = useState<PaymentMethod>("CASH");
  const [reference, setReference] = useState("");
  const [tried, setTried] = useState(false);
  const [repeated, setRepeated] = useState(false);
  /** The key under which a payment was already sent. */
  const asked = useRef("");
  const action = useAction();
  const minor = minorOf(amount);
  const due = minorOf(visit.outstanding_balance) ?? 0;
  const wrong = minor === null || minor <= 0 ? w.amountMissing : minor > due ? w.amountTooMuch(moneyWords(visit.outstanding_balance, visit.currency)) : "";

  const pay = async (again: boolean) => {
    setTried(true);
    if (wrong || minor === null) return;
    const body: NewPayment = { amount: wireOf(minor), payment_method: method, transaction_reference: reference.trim(), ...(again ? { confirm_duplicate: true } : {}) };
    setRepeated(false);
    const done = await action.run({ visit: visit.id, ...body }, async (key) => {
      // A lost answer comes back here too: its payment may be on the list, and the same key gives it again.
      if (!again && key !== asked.current && looksRepeated(await visits.payments(visit.id), body, now())) return "repeated" as const;
      asked.current = key;
      return visits.pay(visit.id, body, key);
    });
    if (done === "repeated") return setRepeated(true);
    if (!done) return;
    const left = due - minor;
    const taken = moneyWords(wireOf(minor), visit.currency);
    toast(left > 0 ? w.takenLeft(taken, moneyWords(wireOf(left), visit.currency)) : w.taken(taken));
    onPaid();
    onClose();
  };
  const duplicate = repeated || action.error instanceof ApiError && action.error.code === "duplicate_payment";
  const trouble = duplicate ? "" : formError(action.error, ["amount", "payment_method", "transaction_reference"]);
  return (
    <Dialog title={w.payTitle(visit.patient_name)} onClose={onClose} busy={action.busy}>
      <form class="form" noValidate onSubmit={(event) => { event.preventDefault(); void pay(false); }}>
        <div class="bill-line"><span>{w.payDue}</span><b class="number">{moneyWords(visit.outstanding_balance, visit.currency)}</b></div>
        {trouble ? <Notice tone="danger">{trouble}</Notice> : null}
        {duplicate ? <Notice tone="attention" title={w.duplicate} action={<Button busy={action.busy} onClick={() => void pay(true)}>{w.takeAgain}</Button>}>{w.duplicateText}</Notice> : null}
        <PaymentFields
          amount={amount} onAmount={(value) => { setAmount(value); setRepeated(false); action.clear(); }} method={method} onMethod={setMethod} reference={reference} onReference={setReference} currency={visit.currency}
          amountError={tried && wrong ? wrong : fieldError(action.error, "amount")}
          methodError={fieldError(action.error, "payment_method")}
          referenceError={fieldError(action.error, "transaction_reference")}
        />
        <DialogFoot>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={action.busy}>{w.pay}{minor !== null && minor > 0 ? ` ${amountWords(wireOf(minor))}` : ""}</Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
