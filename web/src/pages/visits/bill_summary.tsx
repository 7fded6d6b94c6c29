import type { Summary } from "../../api/types.ts";
import { visitWords as v } from "../../i18n/visits_en.ts";
import { isDue, moneyWords } from "../../money/money.ts";
import { PaymentBadge } from "./badges.tsx";
import "./bill.css";

/** The sums of a visit's bill, aligned to be compared. */
export function BillSummary({ summary }: { summary: Summary }) {
  const { currency } = summary;
  return (
    <dl class="sums number">
      <div><dt>{v.totalCharges}</dt><dd>{moneyWords(summary.total_charges, currency)}</dd></div>
      <div><dt>{v.totalPayments}</dt><dd>{moneyWords(summary.total_payments, currency)}</dd></div>
      {isDue(summary.waived ?? "") ? <div><dt>{v.waived}</dt><dd>{moneyWords(summary.waived, currency)}</dd></div> : null}
      <div class="total"><dt>{v.outstanding} <PaymentBadge status={summary.payment_status} balance={summary.outstanding_balance} /></dt><dd>{moneyWords(summary.outstanding_balance, currency)}</dd></div>
    </dl>
  );
}
