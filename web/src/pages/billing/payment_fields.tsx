import type { PaymentMethod } from "../../api/types.ts";
import { billingWords as w } from "../../i18n/billing_en.ts";
import { t } from "../../i18n/index.ts";
import { SelectField, TextField } from "../../ui/field.tsx";

interface Props {
  amount: string;
  onAmount: (amount: string) => void;
  method: PaymentMethod;
  onMethod: (method: PaymentMethod) => void;
  reference: string;
  onReference: (reference: string) => void;
  currency: string;
  amountError: string;
  methodError: string;
  referenceError: string;
}

/** What was paid, how, and the reference on the receipt. */
export function PaymentFields(props: Props) {
  return (
    <>
      <div class="pair">
        <TextField label={`${w.amount} (${props.currency})`} value={props.amount} onValue={props.onAmount} inputMode="decimal" error={props.amountError} />
        <SelectField label={w.method} value={props.method} onValue={(value) => props.onMethod(value as PaymentMethod)} error={props.methodError} choices={Object.entries(t.paymentMethods).map(([value, label]) => ({ value, label }))} />
      </div>
      <TextField label={w.reference} hint={w.referenceHint} optional value={props.reference} onValue={props.onReference} maxLength={100} spellcheck={false} error={props.referenceError} />
    </>
  );
}
